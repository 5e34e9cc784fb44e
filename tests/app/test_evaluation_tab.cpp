// SPDX-License-Identifier: GPL-3.0-or-later
// The tab of benchmarks: numbers, tests, what changed, what is copied, live runs, and what it says where there is
// nothing.
#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLineEdit>
#include <QMenu>
#include <QScrollArea>
#include <QScrollBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>
#include <QToolButton>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <stop_token>

#include "app/page/changed_view.h"
#include "app/page/chart_tab.h"
#include "app/page/evaluation_tab.h"
#include "app/page/run_loader.h"
#include "app/page/run_page.h"
#include "core/benchmark/kept_answers.h"
#include "core/error.h"
#include "tests/app/record_maker.h"
#include "tests/app/window_box.h"
#include "viz/chart/chart_view.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;
namespace fs = std::filesystem;

namespace {

constexpr int kItems = 40;

/// A benchmark of colours: the first `hits` items are answered right, of the two choices.
void keep_colours(const fs::path& record, std::int64_t step, int hits) {
  const fs::path folder = evaluation_folder(record, step);
  fs::create_directories(folder);
  std::ofstream out(folder / "samples_colours.jsonl");
  for (int i = 0; i < kItems; ++i)
    out << R"({"doc_id":)" << i << R"(,"target":"1","arguments":{"gen_args_0":{"arg_0":"Which <colour> has )" << i
        << R"(?","arg_1":" red"},"gen_args_1":{"arg_1":" blue"}},"filtered_resps":[["-1","False"],["-2","False"]],)"
        << R"("filter":"none","metrics":["acc"],"doc_hash":"h)" << i << R"(","acc":)" << (i < hits ? 1.0 : 0.0)
        << R"(,"chosen":{"acc":)" << (i < hits ? 1 : 0) << "}}\n";
  std::ofstream(folder / "results.json") << R"({"results":{"colours":{"alias":"Colours"}}})";
}

void evaluate(RecordWriter& writer, const fs::path& record, std::int64_t step, int hits) {
  keep_colours(record, step, hits);
  EvaluationRow colours;
  colours.step = step;
  colours.task = "colours";
  colours.metric = "acc";
  colours.filter = "none";
  colours.value = double(hits) / kItems;
  colours.error = 0.05;
  colours.samples = kItems;
  EvaluationRow sums = colours;
  sums.task = "sums";
  sums.metric = "exact_match";
  sums.value = 0.25;
  sums.error = std::numeric_limits<double>::quiet_NaN();
  writer.append_evaluation(std::vector<EvaluationRow>{colours, sums});
}

fs::path evaluated(const fs::path& runs, const MadeRun& made, int hits) {
  const fs::path record = runs / made.name / "run.h5";
  RecordWriter writer = begin_run(runs, made);
  evaluate(writer, record, 0, 10);
  for (int step = 1; step <= made.steps; ++step) append_step(writer, made, step);
  evaluate(writer, record, made.steps, hits);
  writer.set_status(RunState::done);
  writer.close();
  return record;
}

const MadeRun kWithout{.name = "dpo", .steps = 20}, kWith{.name = "dpo-rc", .calibrated = true, .steps = 20};

QString cell(const QAbstractItemModel* model, int row, int column) {
  return model->index(row, column).data().toString();
}

}  // namespace

class TestEvaluationTab : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;
  fs::path first_, second_;
  viz::RunDataPtr without_, with_;

  static viz::RunDataPtr read(const fs::path& record) {
    const Column columns[] = {Column::z_w, Column::z_l};
    return viz::load_run_data(record, columns, {}, viz::KeptScores::items);
  }

 private Q_SLOTS:
  void initTestCase() {
    const fs::path runs = folder_.path().toStdString();
    first_ = evaluated(runs, kWithout, 12);
    second_ = evaluated(runs, kWith, 24);
    without_ = read(first_);
    with_ = read(second_);
    QCOMPARE(without_->evaluation.size(), std::size_t(4));
    QVERIFY(without_->scores);
    QCOMPARE(without_->scores->step, std::int64_t(20));
  }

  void a_pair() {
    EvaluationTab tab(nullptr);
    QAbstractItemModelTester tester(tab.model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    QAbstractItemModelTester changed(tab.changes()->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    tab.resize(1200, 800);
    tab.show();
    QVERIFY(tab.explains());
    tab.setRuns({without_, with_}, {}, false);
    QVERIFY(!tab.explains());
    auto* model = tab.model();
    QCOMPARE(model->rowCount(), 3);
    QCOMPARE(model->columnCount(), 7);
    QCOMPARE(cell(model, 0, 0), QStringLiteral("Colours"));
    QCOMPARE(cell(model, 0, 2), QStringLiteral("30.00 ± 5.00"));
    QCOMPARE(cell(model, 0, 3), QStringLiteral("60.00 ± 5.00"));
    // The test is computed beside the window, and what lacks it is not copied.
    QCOMPARE(cell(model, 0, 4), QStringLiteral("+30.00"));
    QCOMPARE(cell(model, 0, 5), QStringLiteral("…"));
    QVERIFY(!tab.copyButton()->isEnabled());
    QTRY_COMPARE(cell(model, 0, 5), QStringLiteral("< 0.001"));  // 12 gained, none lost
    QCOMPARE(cell(model, 0, 4), QStringLiteral("+30.00 *"));
    QVERIFY(tab.copyButton()->isEnabled());
    QCOMPARE(tab.title(), QStringLiteral("Final numbers, step 20, in per cent"));
    // Once for the two runs, whatever is typed.
    tab.filter()->setText("colou");
    QCOMPARE(cell(model, 0, 5), QStringLiteral("< 0.001"));
    tab.filter()->clear();
    QCOMPARE(cell(model, 0, 5), QStringLiteral("< 0.001"));
    QVERIFY(model->index(0, 5).data(Qt::ToolTipRole).toString().contains("12 gained, 0 lost"));
    QCOMPARE(cell(model, 1, 2), QStringLiteral("25.00"));
    QCOMPARE(cell(model, 1, 5), QStringLiteral("–"));
    QCOMPARE(cell(model, 2, 0), QStringLiteral("Average"));
    QCOMPARE(cell(model, 2, 3), QStringLiteral("42.50"));
    QCOMPARE(cell(model, 0, 6), QStringLiteral("40"));
    QCOMPARE(model->headerData(2, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("w/o RC"));

    // The items of the first row are listed by themselves.
    auto* items = tab.changes()->model();
    QTRY_COMPARE(items->rowCount(), 12);
    QVERIFY2(tab.changes()->status().contains("12 of 40"), qPrintable(tab.changes()->status()));
    QCOMPARE(cell(items, 0, ChangedModel::Question), QStringLiteral("Which <colour> has 12?"));
    QCOMPARE(cell(items, 0, ChangedModel::First), QStringLiteral("red"));
    QCOMPARE(cell(items, 0, ChangedModel::Second), QStringLiteral("blue"));
    QCOMPARE(cell(items, 0, ChangedModel::Right), QStringLiteral("blue"));
    const QString detail = tab.changes()->detail()->toPlainText();
    QVERIFY2(detail.contains("Which <colour> has 12?") && detail.contains("w/ RC"), qPrintable(detail));
    tab.changes()->kinds()->setCurrentIndex(2);
    Q_EMIT tab.changes()->kinds()->activated(2);
    QCOMPARE(items->rowCount(), 0);
    QVERIFY(tab.changes()->detail()->toPlainText().isEmpty());
    // Of sums no answers are kept.
    tab.table()->selectRow(1);
    QVERIFY2(tab.changes()->status().contains("not kept"), qPrintable(tab.changes()->status()));
  }

  void copied() {
    EvaluationTab tab(nullptr);
    tab.setRuns({without_, with_}, {}, false);
    QTRY_VERIFY(tab.copyButton()->isEnabled());
    for (auto* button : tab.findChildren<QToolButton*>()) {
      if (!button->menu() || button->menu()->actions().size() != 4) continue;
      button->menu()->actions()[0]->trigger();
      QVERIFY(QGuiApplication::clipboard()->text().startsWith("Model,Method,RC,Run,Step,Colours,"));
      button->menu()->actions()[1]->trigger();
      QVERIFY(QGuiApplication::clipboard()->text().contains("$60.00_{5.00}^{*}$"));
      return;
    }
    QFAIL("no menu to copy");
  }

  void one_run_and_filter() {
    EvaluationTab tab(nullptr);
    QAbstractItemModelTester tester(tab.model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    tab.resize(1200, 800);
    tab.show();
    tab.setRuns({without_}, {}, false);
    QCOMPARE(tab.model()->columnCount(), 4);
    QVERIFY(tab.changes()->status().contains("two runs"));
    QVERIFY(!tab.filter()->isVisible());  // two rows need none
    tab.filter()->setText("SUMS");
    QCOMPARE(tab.model()->rowCount(), 1);
    QCOMPARE(cell(tab.model(), 0, 0), QStringLiteral("sums"));
    QCOMPARE(tab.model()->tasks(), std::optional(std::vector<std::string>{"sums"}));
    QVERIFY(!tab.nothing()->isVisible());
    tab.filter()->setText("nothing of this");
    QCOMPARE(tab.model()->rowCount(), 0);
    QCOMPARE(tab.model()->tasks(), std::optional(std::vector<std::string>{}));
    QVERIFY(tab.nothing()->isVisible() && tab.nothing()->text().contains("nothing of this"));
    QVERIFY(!tab.copyButton()->isEnabled());
    tab.filter()->clear();
    QCOMPARE(tab.model()->rowCount(), 3);
    QVERIFY(!tab.model()->tasks() && !tab.nothing()->isVisible());
  }

  void a_live_run_keeps_its_place() {
    const fs::path runs = folder_.path().toStdString();
    const MadeRun live{.name = "live", .steps = 20, .planned = 40, .state = RunState::running};
    const fs::path record = runs / "live" / "run.h5";
    RecordWriter writer = begin_run(runs, live);
    evaluate(writer, record, 0, 10);
    append_step(writer, live, 1);
    const Column columns[] = {Column::z_w};
    viz::RunFollower follower(record, columns);
    EvaluationTab tab(nullptr);
    tab.setRuns({follower.snapshot()}, {}, true);
    QCOMPARE(cell(tab.model(), 0, 2), QStringLiteral("25.00 ± 5.00"));
    QCOMPARE(tab.title(), QStringLiteral("Numbers of step 0, in per cent"));
    tab.table()->selectRow(1);
    append_step(writer, live, 2);
    evaluate(writer, record, 2, 30);
    QVERIFY(follower.refresh());
    tab.setRuns({follower.snapshot()}, {}, true);
    QCOMPARE(cell(tab.model(), 0, 2), QStringLiteral("75.00 ± 5.00"));
    QCOMPARE(tab.table()->currentIndex().row(), 1);
    QCOMPARE(follower.snapshot()->scores->step, std::int64_t(2));
    // Beside a run that is through, each says its step.
    tab.setRuns({follower.snapshot(), with_}, {}, true);
    QCOMPARE(tab.title(), QStringLiteral("Last numbers of each run, in per cent"));
    const auto head = [&](int column) {
      return tab.model()->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    };
    QVERIFY2(head(2).endsWith(", step 2") && head(3).endsWith(", step 20"), qPrintable(head(2) + head(3)));
  }

  // Opening a record leaves the kept answers alone; they are read when they are asked for.
  void items_are_read_when_they_are_needed() {
    const Column columns[] = {Column::z_w};
    viz::RunFollower follower(first_, columns);
    const auto before = follower.snapshot();
    QVERIFY(before->scores->names_only && before->scores->items.empty());
    QCOMPARE(before->scores->alias("colours"), std::string("Colours"));
    EvaluationTab tab(nullptr);
    tab.setRuns({before, with_}, {}, false);
    QCOMPARE(cell(tab.model(), 0, 5), QStringLiteral("…"));
    QVERIFY2(tab.changes()->status().contains("reading"), qPrintable(tab.changes()->status()));
    std::stop_source stop;
    stop.request_stop();
    follower.need_items(stop.get_token());
    QVERIFY(follower.snapshot()->scores->names_only);
    follower.need_items();
    QVERIFY(!follower.snapshot()->scores->names_only);
    QCOMPARE(follower.snapshot()->scores->items.at({"colours", "acc", "none"}).size(), std::size_t(kItems));
    tab.setRuns({follower.snapshot(), with_}, {}, false);
    QTRY_COMPARE(cell(tab.model(), 0, 5), QStringLiteral("< 0.001"));
  }

  // The same items, asked for again while they are being read.
  void changes_that_are_asked_for_twice() {
    ChangedView view;
    view.resize(600, 400);
    view.show();
    const ChangedQuery query{evaluation_folder(first_, 20), evaluation_folder(second_, 20), {"colours"}, "acc", "none"};
    view.setQuery(query, "Colours", "a", "b", {});
    QVERIFY(view.busy());
    view.setQuery({}, {}, "a", "b", "nothing is chosen");
    view.setQuery(query, "Colours", "a", "b", {});
    QTRY_VERIFY(!view.busy());
    QVERIFY2(view.status().contains("12 of 40"), qPrintable(view.status()));
  }

  void nothing_was_evaluated() {
    const fs::path record = make_run(folder_.path().toStdString(), {.name = "plain", .steps = 5});
    EvaluationTab tab(nullptr);
    tab.resize(800, 600);
    tab.show();
    tab.setRuns({read(record)}, {}, false);
    QVERIFY(tab.explains());
    const auto said = [&] {
      QString all;
      for (const auto* label : tab.findChildren<QLabel*>())
        if (label->isVisible()) all += label->text() + "\n";
      return all;
    };
    QVERIFY2(said().contains("New experiment"), qPrintable(said()));
    tab.setRuns({read(record)}, {}, true);
    QVERIFY2(said().contains("yet"), qPrintable(said()));
  }

  void answers_that_were_taken_away() {
    EvaluationTab tab(nullptr);
    tab.resize(1200, 800);
    tab.show();
    const fs::path runs = folder_.path().toStdString();
    const fs::path gone = evaluated(runs, {.name = "gone", .calibrated = true, .steps = 20}, 20);
    const auto run = read(gone);
    fs::remove_all(gone.parent_path() / "evaluation");
    tab.setRuns({without_, run}, {}, false);
    QTRY_VERIFY2(tab.changes()->status().contains("cannot read"), qPrintable(tab.changes()->status()));
    QCOMPARE(tab.changes()->model()->rowCount(), 0);
  }

  void small_windows_show_one_table() {
    EvaluationTab tab(nullptr);
    tab.resize(700, 500);
    tab.show();
    tab.setRuns({without_, with_}, {}, false);
    QVERIFY(tab.table()->isVisible() && !tab.changes()->isVisible());
    QVERIFY(tab.minimumSizeHint().width() <= 600);
  }

  void low_windows_scroll() {
    EvaluationTab tab(nullptr);
    tab.setRuns({without_, with_}, {}, false);
    tab.resize(540, 360);
    tab.show();
    QVERIFY(tab.minimumSizeHint().height() <= 300);
    auto* area = tab.findChild<QScrollArea*>("evaluation-area");
    QTRY_VERIFY(area->verticalScrollBar()->isVisible());
    // Every panel can be read, and the table under them shows some rows.
    QTRY_VERIFY(tab.charts()->view()->height() >= 240);
    for (const auto* chart : tab.charts()->view()->findChildren<viz::ChartView*>())
      QVERIFY2(!chart->isVisible() || chart->height() >= 90, qPrintable(QString::number(chart->height())));
    QVERIFY(tab.table()->height() >= 4 * tab.table()->rowHeight(0));
    tab.resize(1000, 900);
    QTRY_VERIFY(!area->verticalScrollBar()->isVisible());
  }

  void on_the_page() {
    WindowBox box;
    box.settle();
    evaluated(box.runs(), kWithout, 12);
    evaluated(box.runs(), kWith, 24);
    box.open({box.record("dpo"), box.record("dpo-rc")});
    auto* page = box.window->page();
    QTRY_COMPARE(page->shown().size(), std::size_t(2));
    const QString record = box.record("dpo");
    QTRY_VERIFY(page->loader()->run(record));
    QVERIFY(page->loader()->run(record)->scores->names_only);
    page->setTab(RunPage::Evaluation);
    auto* tab = page->findChild<EvaluationTab*>();
    QTRY_COMPARE(cell(tab->model(), 0, 5), QStringLiteral("< 0.001"));
    QTRY_COMPARE(tab->model()->columnCount(), 7);
    QCOMPARE(page->charts(), tab->charts());
    QTRY_COMPARE(tab->changes()->model()->rowCount(), 12);
    page->setCursor(10);
    QCOMPARE(page->charts()->view()->cursor(), std::optional<double>(10));
  }
};

QTEST_MAIN(TestEvaluationTab)
#include "test_evaluation_tab.moc"
