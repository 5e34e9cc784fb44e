// SPDX-License-Identifier: GPL-3.0-or-later
// The Pairs tab as one uses it: pairs are found by text, line, pathway and band, sorted, kept chosen, set beside those
// of the other run, saved and copied.
#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTextEdit>
#include <QToolButton>
#include <cmath>

#include "app/page/pair_filter_bar.h"
#include "app/page/pair_model.h"
#include "app/page/pair_text_view.h"
#include "app/page/pairs_tab.h"
#include "app/page/run_choice.h"
#include "app/whatif/pair_scatter.h"
#include "core/record/record_reader.h"
#include "tests/app/record_maker.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestPairsTab : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;
  QStringList records_;

  std::unique_ptr<PairsTab> open(const QStringList& records, const QStringList& names) {
    auto tab = std::make_unique<PairsTab>();
    new QAbstractItemModelTester(tab->model(), QAbstractItemModelTester::FailureReportingMode::QtTest, tab.get());
    tab->resize(1100, 600);
    tab->show();
    tab->setSpan(100);
    tab->setRecords(records, names);
    [&] { QTRY_VERIFY(!tab->busy() && tab->model()->rowCount() > 0); }();
    return tab;
  }
  static QList<qint64> lines(const PairsTab& tab) {
    QList<qint64> all;
    for (int row = 0; row < tab.model()->rowCount(); ++row) all << tab.model()->cells(row).row.row;
    return all;
  }
  static QComboBox* box(const PairsTab& tab, const char* name) { return tab.findChild<QComboBox*>(name); }

 private Q_SLOTS:
  void initTestCase() {
    QStandardPaths::setTestModeEnabled(true);
    for (const bool calibrated : {false, true}) {
      const MadeRun run{.name = calibrated ? "dpo-rc" : "dpo", .calibrated = calibrated, .steps = 40};
      records_ << QString::fromStdString(make_run(folder_.path().toStdString(), run).string());
      const QString data = folder_.filePath(QString::fromStdString(run.name) + "/data");
      QDir().mkpath(data);
      QFile file(data + "/hh-harmless.jsonl");
      QVERIFY(file.open(QIODevice::WriteOnly));
      for (int i = 0; i < 2312; ++i) {
        file.write("{\"prompt\":\"Question " + QByteArray::number(i) + "\",\"chosen\":\"yes" +
                   (i % 7 == 0 ? " walrus" : "") + "\",\"rejected\":\"no\"}\n");
      }
    }
    // One of them has lost its data.
    QFile::remove(folder_.filePath("dpo-rc/data/hh-harmless.jsonl"));
  }

  void pairs_are_found_by_text_line_pathway_and_band() {
    auto tab = open({records_[0]}, {"dpo"});
    QCOMPARE(tab->model()->rowCount(), 40 * 8);
    auto* text = tab->model();
    QTRY_VERIFY(text->index(0, PairModel::Text).data().toString().startsWith("Question "));
    auto* search = tab->findChild<QLineEdit*>("pair-search");
    QTest::keyClicks(search, "walrus");
    QTRY_VERIFY(tab->model()->rowCount() < 320 && !tab->busy());
    QVERIFY(tab->model()->rowCount() > 0);
    for (const qint64 line : lines(*tab)) QCOMPARE(line % 7, 0);
    const int walruses = tab->model()->rowCount();
    QVERIFY2(tab->status().contains(QString::number(walruses) + " shown"), qPrintable(tab->status()));
    // Esc clears.
    QTest::keyClick(search, Qt::Key_Escape);
    QTRY_COMPARE(tab->model()->rowCount(), 320);
    QTest::keyClicks(search, "#50-52");
    QTRY_COMPARE(tab->model()->rowCount(), 3);
    QTest::keyClick(search, Qt::Key_Escape);
    QTRY_COMPARE(tab->model()->rowCount(), 320);
    // Pathways together have every pair once.
    auto* pathway = box(*tab, "pathway-of-first");
    int together = 0;
    for (int i = 1; i < pathway->count(); ++i) {
      pathway->setCurrentIndex(i);
      QTRY_VERIFY(!tab->busy());
      for (int row = 0; row < tab->model()->rowCount(); ++row)
        QCOMPARE(int(tab->model()->cells(row).pathway()), pathway->itemData(i).toInt());
      together += tab->model()->rowCount();
    }
    QCOMPARE(together, 320);
    QVERIFY(pathway->itemText(3).startsWith("(iii)"));
    pathway->setCurrentIndex(0);
    auto* band = box(*tab, "band-place");
    band->setCurrentIndex(1);
    QTRY_VERIFY(!tab->busy());
    const int in = tab->model()->rowCount();
    band->setCurrentIndex(2);
    QTRY_VERIFY(!tab->busy());
    QCOMPARE(in + tab->model()->rowCount(), 320);
    QVERIFY(in > 0);
  }

  void a_column_sorts_and_the_chosen_pair_stays_chosen() {
    auto tab = open({records_[0]}, {"dpo"});
    const auto value = [&](int row) { return tab->model()->cells(row).change_w(); };
    for (int row = 1; row < tab->model()->rowCount(); ++row)
      QVERIFY(value(row - 1) <= value(row));  // the most displaced first
    tab->table()->selectRow(5);
    const auto chosen = tab->model()->cells(5).row;
    QVERIFY(tab->scatter()->current() >= 0);
    tab->table()->sortByColumn(PairModel::Zl, Qt::DescendingOrder);
    QTRY_VERIFY(!tab->busy());
    for (int row = 1; row < tab->model()->rowCount(); ++row)
      QVERIFY(tab->model()->cells(row - 1).row.z_l >= tab->model()->cells(row).row.z_l);
    const auto now = [&] { return tab->model()->cells(tab->table()->currentIndex().row()).row; };
    QCOMPARE(now().row, chosen.row);
    QCOMPARE(now().step, chosen.step);
    // A filter that it passes keeps it, one that it does not lets it go.
    auto* search = tab->findChild<QLineEdit*>("pair-search");
    search->setText(QStringLiteral("#%1").arg(chosen.row + 1));
    QTRY_COMPARE(tab->model()->rowCount(), 1);
    QCOMPARE(tab->table()->currentIndex().row(), 0);
    search->setText(QStringLiteral("#1"));
    QTRY_VERIFY(!tab->table()->currentIndex().isValid());
    QCOMPARE(tab->scatter()->current(), -1);
  }

  void the_chosen_pair_is_told_with_its_run_and_once() {
    auto tab = open(records_, {"dpo", "dpo-rc"});
    QSignalSpy told(tab.get(), &PairsTab::pairChosen);
    tab->table()->selectRow(3);
    const qint64 line = tab->model()->cells(3).row.row;
    QCOMPARE(told, (QList<QVariantList>{{records_[0], line}}));
    // It goes to another row with its table; that is no new choice.
    tab->table()->sortByColumn(PairModel::Zl, Qt::DescendingOrder);
    QTRY_VERIFY(!tab->busy());
    QCOMPARE(told.size(), 1);
    tab->choice()->setCurrentIndex(1);
    Q_EMIT tab->choice()->activated(1);
    QTRY_COMPARE(told.size(), 2);
    QCOMPARE(told.back().front().toString(), records_[1]);
    QCOMPARE(told.back().back().toLongLong(), tab->model()->cells(tab->table()->currentIndex().row()).row.row);
  }

  void a_filter_that_leaves_nothing_says_so_everywhere() {
    auto tab = open(records_, {"dpo", "dpo-rc"});
    tab->table()->selectRow(3);
    tab->findChild<QLineEdit*>("pair-search")->setText("zzz");
    QTRY_COMPARE(tab->model()->rowCount(), 0);
    QVERIFY2(tab->scatter()->emptyText().contains("filter"), qPrintable(tab->scatter()->emptyText()));
    for (const auto* text : tab->pairText()->findChildren<QTextEdit*>())
      QVERIFY2(text->toPlainText().isEmpty() && text->placeholderText().isEmpty(), qPrintable(text->placeholderText()));
  }

  void two_runs_stand_side_by_side() {
    auto tab = open(records_, {"dpo", "dpo-rc"});
    auto* beside = tab->findChild<QToolButton*>("side-by-side");
    QVERIFY(beside->isVisible());
    tab->table()->setColumnWidth(PairModel::Text, 301);
    beside->click();
    QTRY_VERIFY(!tab->busy());
    QCOMPARE(tab->model()->rowCount(), 320);
    auto* model = tab->model();
    QVERIFY(model->rows()->both);
    const int difference = model->columnOf({PairValue::margin, PairSide::difference});
    QVERIFY(difference > 0);
    tab->table()->sortByColumn(difference, Qt::DescendingOrder);
    QTRY_VERIFY(!tab->busy());
    double before = INFINITY;
    for (int row = 0; row < model->rowCount(); ++row) {
      const auto at = model->order()[std::size_t(row)];
      const double now = pair_number(*model->rows(), at, {PairValue::margin, PairSide::difference});
      QVERIFY(now <= before);
      before = now;
      QCOMPARE(model->rows()->first[at].row.row, model->rows()->second[at].row.row);
    }
    QVERIFY(model->headerData(model->columnOf({PairValue::z_w, PairSide::second}), Qt::Horizontal, Qt::DisplayRole)
                .toString()
                .contains("dpo-rc"));
    // Each run has a pathway of its own.
    auto* second = box(*tab, "pathway-of-second");
    QVERIFY(second->isVisible());
    second->setCurrentIndex(second->findData(int(Pathway::disentangled)));
    box(*tab, "pathway-of-first")->setCurrentIndex(box(*tab, "pathway-of-first")->findData(int(Pathway::both_fall)));
    QTRY_VERIFY(!tab->busy());
    QVERIFY(model->rowCount() > 0 && model->rowCount() < 320);
    for (int row = 0; row < model->rowCount(); ++row) {
      const auto at = model->order()[std::size_t(row)];
      QCOMPARE(model->rows()->first[at].pathway(), Pathway::both_fall);
      QCOMPARE(model->rows()->second[at].pathway(), Pathway::disentangled);
    }
    // And back: the other columns, sorted by what there is.
    beside->click();
    QTRY_VERIFY(!model->rows()->both && model->rowCount() > 0);
    QCOMPARE(model->columnCount(), int(pair_columns(false).size()));
    QVERIFY(!second->isVisible());
    QCOMPARE(tab->table()->columnWidth(PairModel::Text), 301);
  }

  void runs_of_different_data_have_no_pairs_in_common() {
    MadeRun run{.name = "elsewhere", .steps = 5};
    RecordWriter::Options options;
    options.spec_toml = QString::fromStdString(spec_of(run)).replace("hh-harmless", "other").toStdString();
    options.environment_json = "{}";
    QDir().mkpath(folder_.filePath("elsewhere"));
    const QString file = folder_.filePath("elsewhere/run.h5");
    auto writer = RecordWriter::create(file.toStdString(), options);
    for (int step = 1; step <= run.steps; ++step) append_step(writer, run, step);
    writer.set_status(RunState::done);
    writer.close();
    auto tab = open({records_[0], file}, {"dpo", "elsewhere"});
    QVERIFY(tab->scatter()->run().isEmpty());  // the table beside it is of the same run
    tab->setSideBySide(true);
    QTRY_VERIFY2(tab->status().contains("different data"), qPrintable(tab->status()));
    QCOMPARE(tab->model()->rowCount(), 0);
    tab->setSideBySide(false);
    QTRY_COMPARE(tab->model()->rowCount(), 320);
  }

  void everything_is_in_reach_in_a_small_window() {
    auto tab = open(records_, {"dpo", "dpo-rc"});
    tab->setSideBySide(true);
    tab->setTokensShown(true);
    QTRY_VERIFY(!tab->busy());
    QTRY_COMPARE(tab->scatter()->run(), QStringLiteral("dpo"));  // of two runs in the table
    tab->table()->selectRow(0);
    const QSize page(520, 440);  // what a window of 800 x 600 leaves
    QVERIFY2(
        tab->minimumSizeHint().width() <= page.width() && tab->minimumSizeHint().height() <= page.height(),
        qPrintable(QStringLiteral("%1 x %2").arg(tab->minimumSizeHint().width()).arg(tab->minimumSizeHint().height())));
    tab->resize(page);
    QTRY_COMPARE(tab->size(), page);
    int seen = 0;
    for (auto* control : tab->findChildren<QWidget*>()) {
      if (control->focusPolicy() == Qt::NoFocus || !control->isVisible()) continue;
      if (!qobject_cast<QComboBox*>(control) && !qobject_cast<QToolButton*>(control) &&
          control->objectName() != "pair-search")
        continue;
      if (!control->parentWidget() || qobject_cast<QLineEdit*>(control->parentWidget())) continue;
      ++seen;
      QVERIFY2(tab->rect().contains(QRect(control->mapTo(tab.get(), QPoint()), control->size())),
               qPrintable(control->objectName()));
      QVERIFY2(!control->accessibleName().isEmpty() || !control->property("text").toString().isEmpty(),
               qPrintable(control->objectName()));
    }
    QVERIFY2(seen >= 7, qPrintable(QString::number(seen)));
  }

  void shown_rows_are_saved_and_copied() {
    auto tab = open({records_[0]}, {"dpo"});
    tab->findChild<QLineEdit*>("pair-search")->setText("#50-60");
    QTRY_COMPARE(tab->model()->rowCount(), 11);
    QString said;
    connect(tab.get(), &PairsTab::said, this, [&](const QString& text) { said = text; });
    const QString file = folder_.filePath("out.csv");
    tab->save(file, true);
    QTRY_VERIFY2(said.contains("11") && said.contains(file), qPrintable(said));
    QFile in(file);
    QVERIFY(in.open(QIODevice::ReadOnly));
    const auto text = in.readAll().split('\n');
    QCOMPARE(text.size(), 13);
    QVERIFY(text[0].startsWith("line,z_w_change,") && text[0].endsWith(",prompt,chosen,rejected"));
    for (int row = 0; row < 11; ++row) {
      const qint64 line = lines(*tab)[row];
      QVERIFY(text[row + 1].startsWith(QByteArray::number(line + 1) + ','));
      QVERIFY(text[row + 1].contains(",Question " + QByteArray::number(line) + ",yes"));
    }
    // What cannot be written is said.
    tab->save(folder_.filePath("no/such/folder/out.csv"), false);
    QTRY_VERIFY2(said.contains("not saved"), qPrintable(said));
    tab->copy();
    QCOMPARE(QGuiApplication::clipboard()->text().count('\n'), 12);
    tab->table()->selectionModel()->select(QItemSelection(tab->model()->index(2, 0), tab->model()->index(4, 0)),
                                           QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    tab->copy();
    const QStringList copied = QGuiApplication::clipboard()->text().split('\n');
    QCOMPARE(copied.size(), 5);
    QVERIFY(copied[1].startsWith(QString::number(lines(*tab)[2] + 1) + '\t'));
  }

  void a_pair_is_read_whole_without_a_checkpoint() {
    auto tab = open({records_[0]}, {"dpo"});
    tab->setTokensShown(true);
    for (const int row : {4, 9}) {
      tab->table()->selectRow(row);
      const QString question = QStringLiteral("Question %1\n").arg(tab->model()->cells(row).row.row);
      QTRY_VERIFY2(tab->pairText()->text().contains(question), qPrintable(tab->pairText()->text()));
      QVERIFY(tab->pairText()->text().contains("Rejected\nno"));
      QVERIFY(tab->pairText()->status().contains("no checkpoint"));
    }
  }

  void missing_data_are_said_and_a_search_in_them_finds_nothing() {
    auto tab = open({records_[1]}, {"dpo-rc"});
    QTRY_VERIFY2(tab->status().contains("No texts") && tab->status().contains("hh-harmless.jsonl"),
                 qPrintable(tab->status()));
    QCOMPARE(tab->model()->index(0, PairModel::Text).data().toString(), QStringLiteral("–"));
    QVERIFY(tab->model()->index(0, PairModel::Text).data(Qt::ToolTipRole).toString().contains("hh-harmless.jsonl"));
    tab->findChild<QLineEdit*>("pair-search")->setText("walrus");
    QTRY_VERIFY2(tab->status().contains("cannot be searched"), qPrintable(tab->status()));
    QTRY_COMPARE(tab->model()->rowCount(), 0);
    tab->filter()->clear();
    QTRY_COMPARE(tab->model()->rowCount(), 320);
  }
};

QTEST_MAIN(TestPairsTab)
#include "test_pairs_tab.moc"
