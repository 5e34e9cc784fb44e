// SPDX-License-Identifier: GPL-3.0-or-later
// Data as people choose it: a file, a folder of shards, several files in the dialog, dropped on the window; and
// held-out pairs that are training pairs too.
#include <QDropEvent>
#include <QFileDialog>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QStatusBar>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QUrl>

#include "app/base/elided_line.h"
#include "app/language/translated.h"
#include "app/launch/data_choice.h"
#include "app/launch/data_panel.h"
#include "app/launch/launch_page.h"
#include "app/launch/overlap_count.h"
#include "app/launch/pair_example.h"
#include "app/launch/recent_paths.h"
#include "app/launch/spec_field.h"
#include "app/launch/spec_form.h"
#include "app/shell/main_window.h"
#include "app/spec/spec_text.h"
#include "tests/app/launch_samples.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestDataChoice : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;
  std::unique_ptr<MainWindow> window_;

  QString at(const QString& name) const { return folder_.filePath(name); }
  QString shard(int number) const { return at(QStringLiteral("set/train-0000%1-of-00003.jsonl").arg(number)); }
  LaunchPage* page() const { return window_->launch(); }
  QString train() const { return SpecText(page()->text()).value("data.train").value_or(QString()); }
  void openPage() {
    window_ = std::make_unique<MainWindow>();
    window_->resize(1280, 800);
    window_->show();
    window_->newExperiment();
    QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
  }
  void drop(const QStringList& paths) {
    QMimeData data;
    QList<QUrl> urls;
    for (const auto& path : paths) urls << QUrl::fromLocalFile(path);
    data.setUrls(urls);
    QDragEnterEvent enter(QPoint(400, 300), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(window_.get(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent event(QPointF(400, 300), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(window_.get(), &event);
  }
  /// Answers the dialog that the field of data.train opened.
  void answer(const QStringList& files) {
    auto* dialog = page()->findChild<QFileDialog*>();
    QVERIFY(dialog);
    Q_EMIT dialog->filesSelected(files);
    dialog->reject();
    QTRY_VERIFY(!page()->findChild<QFileDialog*>());
  }

 private Q_SLOTS:
  void initTestCase() {
    QStandardPaths::setTestModeEnabled(true);
    qputenv("XDG_DATA_HOME", folder_.filePath("share").toUtf8());
    qputenv("BANDSCOPE_ENGINE", "/bin/false");
    QCoreApplication::setOrganizationName("bandscope-test");
    QCoreApplication::setApplicationName("bandscope-test-data");
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder_.path());
    QDir().mkpath(at("set"));
    QDir().mkpath(at("repository/data"));
    QDir().mkpath(at("mixed"));
    QDir().mkpath(at("runs/one"));
    const auto rows = hh_rows(90).split('\n');
    for (int i = 0; i < 3; ++i) write_file(shard(i), rows.mid(30 * i, 30).join('\n') + '\n');
    write_file(at("set/README.md"), "# set\n");
    write_file(at("repository/README.md"), "# repository\n");
    write_file(at("repository/data/a.jsonl"), hh_rows(10));
    write_file(at("mixed/a.jsonl"), hh_rows(10));
    write_file(at("mixed/a.ndjson"), hh_rows(10));
    write_file(at("runs/one/run.h5"), "record");
    write_file(at("runs/notes.jsonl"), hh_rows(3));
    write_file(at("one.jsonl"), hh_rows(20));
    write_file(at("table.csv"), "a,b\n");
  }
  void cleanup() { window_.reset(); }

  void filesOfAFolderAreTheFolder() {
    const QStringList all{shard(0), shard(1), shard(2)};
    QCOMPARE(choose_data({at("one.jsonl")}).path, at("one.jsonl"));
    QCOMPARE(choose_data(all).path, at("set"));
    QCOMPARE(choose_data({at("set")}).path, at("set"));
    QCOMPARE(choose_data({at("set/")}).path, at("set"));
    QCOMPARE(choose_data({at("repository")}).path, at("repository/data"));
    for (const auto& [paths, part] : std::initializer_list<std::pair<QStringList, const char*>>{
             {all.mid(1), "2 of the 3 data files"},
             {{shard(0), at("one.jsonl")}, "several folders"},
             {all + QStringList{at("set/README.md")}, "README.md is no data file"},
             {{at("mixed/a.jsonl"), at("mixed/a.ndjson")}, "several kinds"}}) {
      const auto choice = choose_data(paths);
      QVERIFY(choice.path.isEmpty());
      QVERIFY2(translated(choice.problem).contains(part), qPrintable(translated(choice.problem)));
    }
    for (const char* data : {"one.jsonl", "set", "repository", "mixed"}) QVERIFY2(is_data(at(data)), data);
    for (const char* other : {"table.csv", "runs", "runs/one", "nothing", "trainer_state.json"})
      QVERIFY2(!is_data(at(other)), other);
  }

  void theFieldTakesAFolderOrAllItsFiles() {
    openPage();
    auto* field = page()->form()->field("data.train");
    auto* pick = field->findChild<QToolButton*>("pick");
    QVERIFY(pick && pick->menu());
    pick->click();
    QCOMPARE(page()->findChild<QFileDialog*>()->fileMode(), QFileDialog::ExistingFiles);
    answer({shard(2), shard(0), shard(1)});
    QCOMPARE(train(), QStringLiteral("\"%1\"").arg(at("set")));
    QCOMPARE(recent_paths(PathKind::data).value(0), at("set"));
    QTRY_VERIFY2(page()->trainPanel()->facts().contains("3 files · 90 pairs"),
                 qPrintable(page()->trainPanel()->facts()));
    // Some of a folder's files are refused beside the field, and nothing is changed.
    pick->click();
    answer({shard(0), shard(1)});
    QCOMPARE(train(), QStringLiteral("\"%1\"").arg(at("set")));
    const auto labels = field->findChildren<QLabel*>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
      return label->isVisible() && label->text().contains("2 of the 3 data files");
    }));
    // A folder has an entry of its own.
    Q_EMIT pick->menu()->aboutToShow();
    QCOMPARE(pick->menu()->actions().size() > 2, true);
    pick->menu()->actions()[1]->trigger();
    QCOMPARE(page()->findChild<QFileDialog*>()->fileMode(), QFileDialog::Directory);
    answer({at("repository")});
    QCOMPARE(train(), QStringLiteral("\"%1\"").arg(at("repository/data")));
  }

  void benchmarksAreAddedToThoseThatAreThere() {
    openPage();
    write_file(at("arc.yaml"), "task: arc\n");
    write_file(at("gsm8k.yaml"), "task: gsm8k\n");
    QDir().mkpath(at("sets"));
    const auto value = [&](const char* key) { return SpecText(page()->text()).value(key).value_or(QString()); };
    auto* tasks = page()->form()->field("evaluation.tasks");
    auto* pick = tasks->findChild<QToolButton*>("pick");
    QVERIFY(pick && pick->menu());
    pick->click();
    QCOMPARE(page()->findChild<QFileDialog*>()->fileMode(), QFileDialog::ExistingFiles);
    answer({at("arc.yaml")});
    QCOMPARE(value("evaluation.tasks"), QStringLiteral("[\"%1\"]").arg(at("arc.yaml")));
    pick->click();
    answer({at("arc.yaml"), at("gsm8k.yaml")});
    QCOMPARE(value("evaluation.tasks"), QStringLiteral("[\"%1\", \"%2\"]").arg(at("arc.yaml"), at("gsm8k.yaml")));
    QCOMPARE(recent_paths(PathKind::tasks).value(0), at("gsm8k.yaml"));
    // What cannot be read as a list stays as it was typed.
    auto* line = tasks->findChild<QLineEdit*>();
    const QString listed = line->text(), broken = listed.chopped(1);
    line->setText(broken);
    pick->click();
    answer({at("arc.yaml")});
    QCOMPARE(line->text(), broken);
    QStringList said;
    for (const auto* words : tasks->findChildren<ElidedLine*>()) said << words->whole();
    QVERIFY2(said.join('\n').contains("no list"), qPrintable(said.join('\n')));
    line->setText(listed);
    auto* sets = page()->form()->field("evaluation.data")->findChild<QToolButton*>("pick");
    sets->click();
    QCOMPARE(page()->findChild<QFileDialog*>()->fileMode(), QFileDialog::Directory);
    Q_EMIT page()->findChild<QFileDialog*>()->fileSelected(at("sets"));
    answer({});
    QCOMPARE(value("evaluation.data"), QStringLiteral("\"%1\"").arg(at("sets")));
    QVERIFY(!recent_paths(PathKind::data).contains(at("sets")));
  }

  void rowsOfShardsAreSaidWithTheirFile() {
    openPage();
    QDir().mkpath(at("spoilt"));
    write_file(at("spoilt/a.jsonl"), hh_rows(30));
    write_file(at("spoilt/b.jsonl"), hh_rows(5) + "no row\n");
    page()->setData(at("spoilt"));
    QTRY_VERIFY(page()->trainPanel()->facts().contains("2 files · 35 pairs"));
    QVERIFY2(page()->trainPanel()->concerns().contains("line 36: b.jsonl, row 5 there"),
             qPrintable(page()->trainPanel()->concerns()));
    // A shard that changes is seen, and so is a folder that is no data set any more.
    write_file(at("spoilt/b.jsonl"), hh_rows(7));
    page()->setData(at("one.jsonl"));
    QTRY_VERIFY(page()->trainPanel()->facts().contains("20 pairs"));
    page()->setData(at("spoilt"));
    QTRY_VERIFY(page()->trainPanel()->facts().contains("2 files · 37 pairs"));
    page()->setModel(make_model(at("model")));
    page()->setData(at("mixed"));
    QTRY_VERIFY2(page()->problem().contains("several kinds (1 .jsonl, 1 .ndjson)"), qPrintable(page()->problem()));
    QVERIFY(!page()->startButton()->isEnabled() && !page()->queueButton()->isEnabled());
  }

  void dataIsDropped() {
    openPage();
    drop({at("set")});
    QCOMPARE(train(), QStringLiteral("\"%1\"").arg(at("set")));
    QCOMPARE(window_->stack()->currentWidget(), page());
    drop({at("one.jsonl")});
    QCOMPARE(train(), QStringLiteral("\"%1\"").arg(at("one.jsonl")));
    drop({shard(0), shard(1), shard(2)});
    QCOMPARE(train(), QStringLiteral("\"%1\"").arg(at("set")));
    drop({shard(0), shard(1)});
    QCOMPARE(train(), QStringLiteral("\"%1\"").arg(at("set")));
    QVERIFY(window_->statusBar()->currentMessage().contains("2 of the 3 data files"));
    drop({at("repository")});
    QCOMPARE(train(), QStringLiteral("\"%1\"").arg(at("repository/data")));
  }

  void probePairsThatAreTrainedOnAreWarnedOf() {
    openPage();
    const auto rows = hh_rows(300).split('\n');
    write_file(at("train.jsonl"), rows.mid(0, 200).join('\n') + '\n');
    write_file(at("probe.jsonl"), rows.mid(188, 100).join('\n') + '\n');
    const auto set = [&](const QString& key, const QString& value) {
      SpecText spec(page()->text());
      spec.set(key, value);
      page()->setText(spec.text());
    };
    page()->setModel(make_model(at("model")));
    page()->setData(at("train.jsonl"));
    set("data.probe", '"' + at("probe.jsonl") + '"');
    QTRY_VERIFY(page()->probePanel()->facts().contains("100 pairs"));
    // Nothing is evaluated yet.
    QTest::qWait(400);
    QVERIFY(page()->concern().isEmpty() && !page()->probePanel()->concerns().contains("flatter"));
    set("probe.every", "5");
    const QString warning = "12 of the 64 probe pairs are also training pairs: held-out figures would flatter";
    QTRY_VERIFY2(page()->concern().contains(warning), qPrintable(page()->concern()));
    QVERIFY(page()->probePanel()->concerns().contains(warning));
    QVERIFY(page()->findChild<QLabel*>("concern")->isVisible());
    QTRY_VERIFY(page()->startButton()->isEnabled());  // a warning is no error
    // Fewer training pairs, fewer probe pairs.
    set("probe.pairs", "4");
    QTRY_VERIFY2(page()->concern().contains("4 of the 4 probe pairs"), qPrintable(page()->concern()));
    set("data.limit", "100");
    QTRY_VERIFY(page()->concern().isEmpty());
    set("data.limit", "190");
    QTRY_VERIFY2(page()->concern().contains("2 of the 4 probe pairs"), qPrintable(page()->concern()));
    set("data.probe", "\"\"");
    QTRY_VERIFY(page()->concern().isEmpty());
  }

  void onlyTheLastComparisonIsHeard() {
    const auto survey = [](int from, int to) {
      auto made = std::make_shared<data::PairSurvey>();
      for (int i = from; i < to; ++i) {
        made->contents.push_back(data::content_of(data::PairText{"p", std::to_string(i), "r"}));
        made->unwanted.push_back(false);
      }
      return std::shared_ptr<const data::PairSurvey>(made);
    };
    const auto many = survey(0, 100000), few = survey(99990, 100100);
    OverlapCounter scanner;
    QList<data::PairOverlap> heard;
    QObject::connect(&scanner, &OverlapCounter::found, [&](const data::PairOverlap& overlap) { heard << overlap; });
    for (int i = 0; i < 20; ++i) scanner.look(many, i % 2 ? few : many, 110);
    QTRY_VERIFY(!heard.isEmpty());
    QCOMPARE(heard, (QList<data::PairOverlap>{{10, 110}}));
    scanner.look(many, few, 110);  // known
    QCOMPARE(heard.size(), 2);
    scanner.look(many, few, 5);
    scanner.cancel();
    scanner.look(many, few, 20);
    QTRY_COMPARE(heard.size(), 3);
    QCOMPARE(heard[2].probe, 20);
    QVERIFY(data::overlap_message({0, 10}).empty());
  }
};

QTEST_MAIN(TestDataChoice)
#include "test_data_choice.moc"
