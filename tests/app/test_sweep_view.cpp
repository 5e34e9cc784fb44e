// SPDX-License-Identifier: GPL-3.0-or-later
// The table of a sweep: one figure at a time, sorted, filtered, copied, and kept with the page's layout.
#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QTabBar>
#include <QTableView>
#include <QTest>
#include <QToolButton>

#include "app/page/chart_tab.h"
#include "app/page/compare_tab.h"
#include "app/page/run_page.h"
#include "app/page/sweep_model.h"
#include "app/page/sweep_view.h"
#include "tests/app/record_maker.h"
#include "tests/app/window_box.h"
#include "tests/viz/synthetic.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

namespace {

viz::RunDataPtr run_of(const std::string& objective, bool calibrated, double margin) {
  auto run = std::make_shared<viz::RunData>(
      *viz::testing::synthetic_run({.steps = 6,
                                    .calibrated = calibrated,
                                    .name = objective + (calibrated ? "-rc" : ""),
                                    .pair_key = "[objective]\nname = \"" + objective + "\"\n"}));
  run->objective = objective;
  run->set(Column::margin, viz::Samples(std::vector<double>{0, 0, 0, 0, 0, margin}));
  return run;
}

QString cell(const QTableView* table, int row, int column) {
  return table->model()->index(row, column).data().toString();
}

}  // namespace

class TestSweepView : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void sorted_filtered_copied() {
    SweepView view;
    QAbstractItemModelTester tester(view.model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    view.resize(800, 400);
    view.show();
    QVERIFY(view.note()->isVisible() && !view.copyButton()->isEnabled());
    view.setRuns(
        {run_of("dpo", false, 10), run_of("dpo", true, 12), run_of("simpo", false, 9), run_of("ipo", false, 2)});
    QCOMPARE(view.table()->model()->rowCount(), 3);
    QCOMPARE(view.quantity(), QStringLiteral("in_band"));
    QVERIFY(!view.note()->isVisible());
    QSignalSpy changed(&view, &SweepView::viewChanged);
    const int margin = view.quantities()->findData("margin");
    QVERIFY(margin > 0);
    view.quantities()->setCurrentIndex(margin);
    Q_EMIT view.quantities()->activated(margin);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(cell(view.table(), 0, SweepModel::Without), QStringLiteral("10.000"));
    QCOMPARE(cell(view.table(), 0, SweepModel::Difference), QStringLiteral("+2.000"));
    QCOMPARE(cell(view.table(), 1, SweepModel::With), QStringLiteral("–"));
    // As numbers: 2, 9, 10.
    view.table()->sortByColumn(SweepModel::Without, Qt::AscendingOrder);
    QCOMPARE(cell(view.table(), 0, SweepModel::Objective), QStringLiteral("IPO"));
    QCOMPARE(cell(view.table(), 2, SweepModel::Objective), QStringLiteral("DPO"));
    view.filter()->setText("margin>=9");
    QCOMPARE(view.table()->model()->rowCount(), 2);
    view.copyButton()->menu()->actions()[0]->trigger();
    const QStringList lines = QGuiApplication::clipboard()->text().split('\n');
    QVERIFY(lines[0].startsWith("Objective,") && lines[1].startsWith("SimPO,") && lines[2].startsWith("DPO,"));
    view.copyButton()->menu()->actions()[2]->trigger();
    QVERIFY(QGuiApplication::clipboard()->text().contains("\\toprule") &&
            QGuiApplication::clipboard()->text().contains("$12.000$"));
    view.filter()->setText("margin>99");
    QVERIFY(view.note()->isVisible() && view.table()->model()->rowCount() == 0 && !view.copyButton()->isEnabled());
    view.filter()->setText("marjin>9");
    QVERIFY2(view.note()->text().contains("marjin") && view.note()->text().contains("probe_margin"),
             qPrintable(view.note()->text()));
  }

  void rows_come_with_the_first_step() {
    SweepView view;
    QAbstractItemModelTester tester(view.model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    view.resize(800, 400);
    view.show();
    const viz::RunDataPtr later = run_of("dpo", false, 10);
    auto now = std::make_shared<viz::RunData>();
    now->name = later->name;
    now->objective = later->objective;
    now->model = later->model;
    now->pair_key = later->pair_key;
    view.setRuns({now});
    QCOMPARE(view.table()->model()->rowCount(), 0);
    view.setRuns({later});
    QCOMPARE(view.table()->model()->rowCount(), 1);
  }

  // A grid of many objectives is higher than its place, rather than too low to be read.
  void many_rows_are_scrolled() {
    ChartTab tab(viz::FigureTab::compare, nullptr);
    tab.resize(900, 320);
    tab.show();
    std::vector<viz::RunDataPtr> runs;
    for (const char* objective : {"dpo", "ipo", "kto", "simpo", "orpo"}) runs.push_back(run_of(objective, false, 1));
    tab.setRuns(runs, {});
    tab.setChoice({QStringLiteral("dynamics-grid"), tab.view()->settings()});
    QTRY_VERIFY(tab.view()->height() >= 5 * 120);
    tab.setChoice({QStringLiteral("overlay"), tab.view()->settings()});
    QTRY_VERIFY(tab.view()->height() <= 320);
  }

  void on_the_page() {
    WindowBox box;
    box.settle();
    for (const bool calibrated : {false, true}) {
      for (const char* objective : {"dpo", "simpo"}) {
        make_run(box.runs(), {.name = std::string(objective) + (calibrated ? "-rc" : ""),
                              .objective = objective,
                              .calibrated = calibrated,
                              .steps = 12});
      }
    }
    box.open({box.record("dpo"), box.record("dpo-rc"), box.record("simpo"), box.record("simpo-rc")});
    auto* page = box.window->page();
    QTRY_COMPARE(page->shown().size(), std::size_t(4));
    page->setTab(RunPage::Compare);
    auto* tab = page->findChild<CompareTab*>();
    tab->setSweepOpen(true);
    auto* view = tab->sweep();
    QVERIFY(view->isVisible());
    QTRY_COMPARE(view->table()->model()->rowCount(), 2);
    QTRY_VERIFY(cell(view->table(), 0, SweepModel::With) != QStringLiteral("–"));
    view->setQuantity("margin");
    view->setFilterText("dpo");
    const QJsonObject layout = page->saveLayout();
    view->setQuantity("in_band");
    view->setFilterText("");
    page->restoreLayout(layout);
    QVERIFY(view->quantity() == "margin" && view->filterText() == "dpo" && view->isVisible());
    tab->setSweepOpen(false);
    QVERIFY(!view->isVisible() && tab->findChild<QTabBar*>()->isTabVisible(2));
  }
};

QTEST_MAIN(TestSweepView)
#include "test_sweep_view.moc"
