// SPDX-License-Identifier: GPL-3.0-or-later
// What a reader changes about the view: undone and redone, saved as layouts, shown on the whole screen.
#include <QComboBox>
#include <QDockWidget>
#include <QJsonObject>
#include <QMenuBar>
#include <QTabBar>
#include <QTabWidget>
#include <QUndoStack>
#include <cmath>

#include "app/shell/full_screen.h"
#include "app/shell/layouts.h"
#include "tests/app/views_box.h"
#include "tests/viz/synthetic.h"
#include "viz/figure/x_axis.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestViews : public QObject, ViewsBox {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { settle("bandscope-test-views"); }
  void init() { QSettings().clear(); }
  void cleanup() { window_.reset(); }

  void zoom_and_panels_are_undone_and_redone() {
    openFresh({QString::fromStdString(runs().string()), path("dpo")});
    QTRY_VERIFY(shows({path("dpo"), path("dpo-rc")}));
    auto* stack = window_->undoStack();
    QTest::qWait(600);
    QCOMPARE(stack->count(), 0);
    page()->zoom()->set_x("step", viz::Range{20, 60});
    page()->zoom()->set_x("step", viz::Range{30, 50});  // notches of one wheel
    QTRY_COMPARE(stack->count(), 1);
    view()->setSmoothing({viz::Smoothing::Kind::ema, 0.9});
    QCOMPARE(stack->count(), 2);
    view()->setParts({"margin"});
    view()->setLogX(true);
    QCOMPARE(stack->count(), 4);
    page()->setTab(RunPage::Scores);
    stack->undo();
    QCOMPARE(page()->tab(), RunPage::Dynamics);  // one sees what is undone
    QVERIFY(!view()->settings().log_x);
    stack->undo();
    QVERIFY(view()->settings().parts.empty());
    stack->undo();
    QVERIFY(!view()->smoothing().active());
    stack->undo();
    QVERIFY(!page()->zoom()->x().has_value());
    stack->redo();
    QCOMPARE(*page()->zoom()->x(), (viz::Range{30, 50}));
    stack->redo();
    QCOMPARE(view()->smoothing().amount, 0.9);
    QTest::qWait(600);
    QCOMPARE(stack->count(), 4);  // undoing is no change of its own
  }

  void what_the_charts_run_over_is_chosen_kept_and_undone() {
    openFresh({path("dpo")});
    QTRY_VERIFY(shows({path("dpo"), path("dpo-rc")}) || shows({path("dpo")}));
    auto* axis = page()->chartTabs().front()->xAxis();
    const int tokens = int(viz::XAxis::tokens);
    QTRY_VERIFY(axis->model()->flags(axis->model()->index(tokens, 0)) & Qt::ItemIsEnabled);
    axis->setCurrentIndex(tokens);
    Q_EMIT axis->activated(tokens);
    QTRY_VERIFY(view()->shownRanges().x.contains("tokens"));
    QCOMPARE(view()->shownRanges().x.at("tokens").greatest, 120 * 2100.0);
    const QJsonObject layout = page()->saveLayout();
    window_->undoStack()->undo();
    QVERIFY(view()->settings().x_axis == viz::XAxis::step && axis->currentIndex() == 0);
    QVERIFY(view()->shownRanges().x.contains("step"));
    page()->restoreLayout(layout);
    QVERIFY(view()->settings().x_axis == viz::XAxis::tokens && axis->currentIndex() == tokens);
  }

  // An axis that a run has no column for says which run and which column, and the charts stay over steps.
  void an_axis_that_a_run_lacks_says_so() {
    ChartTab tab(viz::FigureTab::dynamics, nullptr);
    tab.resize(900, 600);
    const auto whole = viz::testing::synthetic_run({.steps = 20, .name = "whole"});
    auto lacking = std::make_shared<viz::RunData>(*viz::testing::synthetic_run({.steps = 20, .name = "imported"}));
    lacking->set(Column::tokens, viz::Samples(std::vector<double>(20, std::nan(""))));
    const int tokens = int(viz::XAxis::tokens), time = int(viz::XAxis::time);
    const auto flags = [&](int row) { return tab.xAxis()->model()->flags(tab.xAxis()->model()->index(row, 0)); };
    tab.setRuns({whole, lacking}, {});
    QVERIFY(!(flags(tokens) & Qt::ItemIsEnabled) && (flags(time) & Qt::ItemIsEnabled));
    const QString why = tab.xAxis()->itemData(tokens, Qt::ToolTipRole).toString();
    QVERIFY2(why.contains("imported") && why.contains("tokens") && !why.contains("whole"), qPrintable(why));
    tab.view()->setXAxis(viz::XAxis::tokens);
    QVERIFY(tab.view()->shownRanges().x.contains("step"));
    tab.setRuns({whole}, {});
    QVERIFY(flags(tokens) & Qt::ItemIsEnabled);
    QVERIFY(tab.view()->shownRanges().x.contains("tokens"));
  }

  void all_records_that_are_named_are_shown() {
    openFresh({path("kto"), path("dpo")});
    QTRY_VERIFY(shows({path("dpo"), path("kto")}));
    // Pairs stand together, the run without calibration first, wherever the list has them.
    openFresh({path("kto"), path("dpo-rc"), path("dpo")});
    QTRY_VERIFY(shows({path("dpo"), path("dpo-rc"), path("kto")}));
  }

  void another_run_s_zoom_is_not_undone_here() {
    openFresh({QString::fromStdString(runs().string()), path("dpo")});
    QTRY_VERIFY(shows({path("dpo"), path("dpo-rc")}));
    page()->zoom()->set_x("step", viz::Range{20, 60});
    QTRY_COMPARE(window_->undoStack()->count(), 1);
    window_->open({path("kto")});
    QTRY_VERIFY(shows({path("kto")}));
    page()->zoom()->set_x("step", viz::Range{5, 10}, false);
    window_->undoStack()->undo();
    QCOMPARE(*page()->zoom()->x(), (viz::Range{5, 10}));
  }

  void layouts_are_saved_taken_reset_and_forgotten() {
    openFresh({QString::fromStdString(runs().string()), path("dpo")});
    QTRY_VERIFY(shows({path("dpo"), path("dpo-rc")}));
    auto* layouts = window_->layouts();
    QVERIFY(layouts->names().isEmpty());
    view()->setParts({"likelihood", "margin"});
    page()->setTab(RunPage::Training);
    layouts->save("Writing / 50 %");
    QCOMPARE(layouts->names(), QStringList{"Writing / 50 %"});
    layouts->reset();
    QVERIFY(view()->settings().parts.empty());
    QCOMPARE(page()->tab(), RunPage::Dynamics);
    layouts->take("Writing / 50 %");
    QCOMPARE(view()->settings().parts.size(), 2u);
    QCOMPARE(page()->tab(), RunPage::Training);
    window_->undoStack()->undo();
    QVERIFY(view()->settings().parts.empty());
    layouts->remove("Writing / 50 %");
    QVERIFY(layouts->names().isEmpty());
    window_->undoStack()->undo();
    QCOMPARE(layouts->names().size(), 1);
  }

  void the_dashboard_takes_the_whole_screen_and_gives_it_back() {
    openFresh({QString::fromStdString(runs().string()), path("dpo")});
    QTRY_VERIFY(shows({path("dpo"), path("dpo-rc")}));
    QVERIFY(QTest::qWaitForWindowActive(window_.get()));
    view()->setFocus();
    auto* dock = window_->findChild<QDockWidget*>();
    QTest::keyClick(view(), Qt::Key_F);
    QVERIFY(window_->isFullScreen());
    QVERIFY(!window_->menuBar()->isVisible() && !dock->isVisible() && !page()->tabs()->tabBar()->isVisible());
    // The dock is not saved as hidden.
    window_->saveSession();
    QTest::keyClick(view(), Qt::Key_Escape);
    QVERIFY(!window_->isFullScreen());
    QVERIFY(window_->menuBar()->isVisible() && dock->isVisible() && page()->tabs()->tabBar()->isVisible());
  }
};

QTEST_MAIN(TestViews)
#include "test_views.moc"
