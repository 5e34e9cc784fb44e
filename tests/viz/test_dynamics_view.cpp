// SPDX-License-Identifier: GPL-3.0-or-later
// The page of charts under mouse and keys, with its redraws counted.
#include <QApplication>
#include <QMenu>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>
#include <set>

#include "core/error.h"
#include "tests/viz/synthetic.h"
#include "viz/chart/chart_view.h"
#include "viz/chart/cursor_overlay.h"
#include "viz/chart/dynamics_view.h"
#include "viz/figure/figures.h"

using namespace bandscope;
using namespace bandscope::viz;

namespace {

void settle() {
  for (int i = 0; i < 5; ++i) QApplication::processEvents();
}

struct Page {
  explicit Page(std::vector<RunDataPtr> runs, QSize size = {1000, 700}) {
    view.resize(size);
    view.setRuns(std::move(runs));
    view.show();
    settle();
  }
  QList<ChartView*> charts() const {
    QList<ChartView*> shown;
    for (ChartView* chart : view.findChildren<ChartView*>()) {
      if (chart->isVisible()) shown << chart;
    }
    return shown;
  }
  void wheel(ChartView* chart, const QPointF& at, int notches, Qt::KeyboardModifiers keys = {}) {
    QWheelEvent event(at, chart->mapToGlobal(at), {}, {0, 120 * notches}, Qt::NoButton, keys, Qt::NoScrollPhase, false);
    QApplication::sendEvent(chart->viewport(), &event);
    settle();
  }
  void drag(ChartView* chart, Qt::MouseButton button, QPoint from, QPoint to, Qt::KeyboardModifiers keys = {}) {
    QTest::mousePress(chart->viewport(), button, keys, from);
    for (const QPoint at : {(from + to) / 2, to}) {
      QMouseEvent move(QEvent::MouseMove, at, chart->viewport()->mapToGlobal(at), button, button, keys);
      QApplication::sendEvent(chart->viewport(), &move);
    }
    QTest::mouseRelease(chart->viewport(), button, keys, to);
    settle();
  }
  void hover(ChartView* chart, const QPointF& at) {
    QMouseEvent move(QEvent::MouseMove, at, chart->viewport()->mapToGlobal(at), Qt::NoButton, Qt::NoButton, {});
    QApplication::sendEvent(chart->viewport(), &move);
    settle();
  }
  DynamicsView view;
};

}  // namespace

class TestDynamicsView : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void clicks_where_nothing_lies_do_not_crash() {
    Page page({});
    QCOMPARE(page.charts().size(), 4);
    for (ChartView* chart : page.charts()) {
      QTest::mouseClick(chart->viewport(), Qt::LeftButton, {}, {5, 5});
      QTest::mouseClick(chart->viewport(), Qt::LeftButton, {}, chart->rect().center());
      QTest::mouseDClick(chart->viewport(), Qt::LeftButton, {}, chart->rect().center());
      page.wheel(chart, chart->rect().center(), 1);
      page.drag(chart, Qt::RightButton, {30, 60}, {200, 200});
    }
    page.view.setRuns(testing::synthetic_pair(80));
    settle();
    for (ChartView* chart : page.charts()) {
      for (const QPoint at : {QPoint(2, 2), chart->rect().center(), chart->rect().bottomRight()}) {
        QTest::mouseClick(chart->viewport(), Qt::LeftButton, {}, at);
      }
    }
  }

  void the_wheel_zooms_all_charts_at_the_mouse() {
    Page page(testing::synthetic_pair(600));
    ChartView* first = page.charts()[0];
    const QPointF at(first->layout_of_panel().plot.left() + first->layout_of_panel().plot.width() / 4, 120);
    const double under = first->layout_of_panel().x.value(at.x());
    const Range before = first->layout_of_panel().x.range, y = first->layout_of_panel().y.range;
    page.wheel(first, at, 3);
    const Range after = first->layout_of_panel().x.range;
    QVERIFY(after.width() < before.width() * 0.6);
    QVERIFY(std::abs(first->layout_of_panel().x.value(at.x()) - under) < 1e-6 * before.width());
    for (ChartView* chart : page.charts()) QCOMPARE(chart->layout_of_panel().x.range, after);
    page.wheel(first, at, 2, Qt::ControlModifier);
    QVERIFY(first->layout_of_panel().y.range.width() < y.width());
    QCOMPARE(page.charts()[1]->layout_of_panel().y.range, first->layout_of_panel().y.range);  // the pair's bands
    QTest::keyClick(&page.view, Qt::Key_Backspace);
    QTest::keyClick(&page.view, Qt::Key_Backspace);
    settle();
    QCOMPARE(first->layout_of_panel().x.range, before);
    QVERIFY(!page.view.zoom()->can_go_back());
  }

  void boxes_pans_and_double_clicks() {
    Page page(testing::synthetic_pair(600));
    ChartView* chart = page.charts()[2];
    const QRect plot = chart->layout_of_panel().plot.toRect();
    page.drag(chart, Qt::RightButton, plot.topLeft() + QPoint(100, 30), plot.topLeft() + QPoint(200, 120));
    const PanelLayout boxed = chart->layout_of_panel();
    QVERIFY(std::abs(boxed.x.range.width() - 600.0 * 100 / plot.width()) < 3);
    QVERIFY(page.view.zoom()->y("likelihood").has_value());
    page.drag(chart, Qt::LeftButton, plot.center(), plot.center() + QPoint(40, 0));
    QVERIFY(chart->layout_of_panel().x.range.least < boxed.x.range.least);
    QVERIFY(std::abs(chart->layout_of_panel().x.range.width() - boxed.x.range.width()) < 1e-6);
    page.drag(chart, Qt::LeftButton, plot.topLeft() + QPoint(50, 30), plot.topLeft() + QPoint(150, 33),
              Qt::ShiftModifier);
    QVERIFY(chart->layout_of_panel().x.range.width() < boxed.x.range.width());
    QTest::mouseDClick(chart->viewport(), Qt::LeftButton, {}, plot.center());
    settle();
    QCOMPARE(chart->layout_of_panel().x.range, (Range{1, 600}));
    QVERIFY(!page.view.zoom()->y("likelihood").has_value());
  }

  void a_figure_of_many_rows_is_as_high_as_they_need() {
    std::vector<RunDataPtr> runs;
    for (const char* objective : {"dpo", "ipo", "simpo", "cpo", "slic-hf", "orpo", "nca", "exo", "sppo", "hinge"}) {
      for (const auto& run : testing::synthetic_pair(50)) {
        auto own = std::make_shared<RunData>(*run);
        own->objective = objective;
        own->name = std::string(objective) + (run->calibrated ? "-rc" : "");
        runs.push_back(own);
      }
    }
    QScrollArea scrolled;
    scrolled.setWidgetResizable(true);
    auto* view = new DynamicsView;
    scrolled.setWidget(view);
    scrolled.resize(1000, 600);
    view->setRuns(runs);
    scrolled.show();
    settle();
    QVERIFY(view->height() <= 600);
    view->setFigure(QStringLiteral("dynamics-grid"));
    settle();
    QVERIFY(view->height() > 1000);
    int shown = 0;
    for (const ChartView* chart : view->findChildren<ChartView*>()) {
      if (!chart->isVisible()) continue;
      ++shown;
      QVERIFY2(chart->height() >= 100, qPrintable(QString::number(chart->height())));
    }
    QCOMPARE(shown, 40);
    QTest::keyClick(view, Qt::Key_PageDown);
    settle();
    QVERIFY(scrolled.verticalScrollBar()->value() > 0);
    view->setFigure(QStringLiteral("dynamics"));
    settle();
    QVERIFY(view->height() <= 600);
  }

  void a_moved_cursor_draws_no_curve_anew() {
    Page page(testing::synthetic_pair(600));
    page.view.resetRedraws();
    QSignalSpy moved(&page.view, &DynamicsView::cursorMoved);
    for (int step = 10; step < 60; ++step) {
      page.view.setCursor(step);
      settle();
    }
    QCOMPARE(moved.size(), 50);
    QCOMPARE(page.view.redraws(), 0);
    page.view.zoom()->set_x("step", Range{10, 200});
    page.view.zoom()->set_x("step", Range{20, 220});
    settle();
    QCOMPARE(page.view.redraws(), 4);  // two changes, one drawing of each chart
    page.view.setRuns(testing::synthetic_pair(601));
    settle();
    QCOMPARE(page.view.redraws(), 8);
    page.view.update();
    for (ChartView* chart : page.charts()) chart->viewport()->update();
    settle();
    QCOMPARE(page.view.redraws(), 8);
  }

  void the_mouse_moves_the_cursor_and_values_are_the_record_s() {
    const auto runs = testing::synthetic_pair(600);
    Page page(runs);
    ChartView* chart = page.charts()[3];
    page.hover(chart, chart->layout_of_panel().plot.center());
    const double step = page.view.cursor().value_or(-1);
    QVERIFY(step >= 295 && step <= 306);
    QCOMPARE(step, std::round(step));
    const auto row = static_cast<std::size_t>(step) - 1;
    int seen = 0;
    for (const CursorValue& value : page.view.cursorValues()) {
      const RunData& run = value.run == "dpo" ? *runs[0] : *runs[1];
      if (value.symbol == "z_w") {
        QCOMPARE(value.value, run.column(Column::z_w)[row]);
        ++seen;
      }
      if (value.symbol == "m" && value.run == "dpo-rc") {
        QCOMPARE(*value.difference, runs[1]->column(Column::margin)[row] - runs[0]->column(Column::margin)[row]);
        ++seen;
      }
    }
    QCOMPARE(seen, 3);
    page.view.clearCursor();
    QVERIFY(page.view.cursorValues().empty());
  }

  void a_run_that_has_ended_has_no_value_at_the_cursor() {
    Page page(
        {testing::synthetic_run({.steps = 40}), testing::synthetic_run({.steps = 60, .seed = 2, .name = "longer"})});
    const auto shown = [&](double step) {
      page.view.setCursor(step);
      std::set<QString> names;
      for (const CursorValue& value : page.view.cursorValues()) names.insert(value.run);
      return names;
    };
    QCOMPARE(shown(40), (std::set<QString>{"dpo", "longer"}));
    QCOMPARE(shown(41), (std::set<QString>{"longer"}));
    QCOMPARE(shown(60), (std::set<QString>{"longer"}));
    // Where a path ends is seen for as long as the others go on.
    page.view.setFigure("pathway-plane");
    settle();
    QCOMPARE(shown(50), (std::set<QString>{"dpo", "longer"}));
  }

  void what_comes_now_and_then_holds_until_it_comes_again() {
    const auto steps = Samples(std::vector<double>{0, 20, 40});
    std::size_t row = 0;
    QVERIFY(row_at(steps, 39, &row) && row == 1);
    QVERIFY(row_at(steps, 59, &row) && row == 2);
    QVERIFY(!row_at(steps, 60, &row) && !row_at(steps, -1, &row));
    QVERIFY(row_held_at(steps, 60, &row) && row == 2);
    QVERIFY(row_at(Samples(std::vector<double>{5}), 100, &row) && row == 0);
  }

  void events_are_visited_in_turn() {
    auto run = std::make_shared<RunData>(*testing::synthetic_run({.steps = 100}));
    run->events = {{20, 1, "rc", Message::plain("off")}, {70, 2, "alert", Message::plain("z_w falls")}};
    Page page({run});
    QTest::keyClick(&page.view, Qt::Key_BracketRight);
    QCOMPARE(*page.view.cursor(), 20.0);
    QTest::keyClick(&page.view, Qt::Key_BracketRight);
    QTest::keyClick(&page.view, Qt::Key_BracketRight);
    QCOMPARE(*page.view.cursor(), 70.0);
    QTest::keyClick(&page.view, Qt::Key_BracketLeft);
    QCOMPARE(*page.view.cursor(), 20.0);
  }

  void a_live_run_is_followed_until_one_pans_away() {
    Page page({testing::synthetic_run({.steps = 500})});
    page.view.zoom()->set_x("step", Range{400, 500});
    page.view.setFollow(true);
    page.view.setRuns({testing::synthetic_run({.steps = 530})});
    settle();
    QCOMPARE(*page.view.zoom()->x(), (Range{430, 530}));
    QSignalSpy follow(&page.view, &DynamicsView::followChanged);
    QTest::keyClick(&page.view, Qt::Key_Left);
    QCOMPARE(follow.size(), 1);
    QVERIFY(!page.view.follow());
    page.view.setRuns({testing::synthetic_run({.steps = 560})});
    QVERIFY(page.view.zoom()->x()->greatest < 530);
  }

  void every_figure_is_shown_in_both_themes() {
    Page page(testing::synthetic_pair(200), {800, 600});
    for (const auto& name : figure_names()) {
      page.view.setFigure(QString::fromStdString(name));
      for (const Theme& theme : {Theme::light(), Theme::dark()}) {
        page.view.setTheme(theme);
        const QImage image = page.view.picture().toImage();
        int colored = 0, written = 0;
        for (int y = 40; y < image.height(); y += 2) {
          for (int x = 0; x < image.width(); x += 2) {
            colored += image.pixelColor(x, y).hsvSaturation() > 120;
            written += contrast(image.pixelColor(x, y), theme.background) > 3;
          }
        }
        if (name == "evaluation-table") {  // in the colour of text
          QVERIFY(written > 200);
          continue;
        }
        QVERIFY2(colored > 200, name.c_str());
      }
      page.view.setCursor(100);
    }
    QVERIFY_EXCEPTION_THROWN(page.view.setFigure("pathways"), SpecError);
  }

  void undefined_and_logarithmic_values_are_counted() {
    Page page({testing::synthetic_run({.steps = 300, .undefined_from = 50, .undefined_to = 60})});
    QCOMPARE(page.view.counts().undefined, std::size_t(40));
    page.view.setFigure("incentives");
    page.view.setLogX(true);
    page.view.setLogY(true);
    QCOMPARE(page.view.counts().points, std::size_t(600));
    QCOMPARE(page.view.counts().drawn, std::size_t(600));
    page.view.setSmoothing({Smoothing::Kind::ema, 0.9});
    page.view.picture();
    QVERIFY(page.view.drawnCsv().startsWith("step,dpo/d_l,dpo/d_l (smoothed),"));
  }

  void one_chart_fills_the_page() {
    Page page(testing::synthetic_pair(100));
    page.hover(page.charts()[3], page.charts()[3]->rect().center());
    QTest::keyClick(&page.view, Qt::Key_M);
    settle();
    QCOMPARE(page.charts().size(), 1);
    QCOMPARE(page.charts()[0]->panel()->figure, std::string("margin"));
    QVERIFY(page.charts()[0]->width() > 900);
    QTest::keyClick(&page.view, Qt::Key_Escape);
    settle();
    QCOMPARE(page.charts().size(), 4);
  }

  void the_menu_offers_what_it_says() {
    Page page(testing::synthetic_pair(100));
    QSignalSpy wanted(&page.view, &DynamicsView::exportRequested);
    ChartView* chart = page.charts()[2];
    QTest::mouseClick(chart->viewport(), Qt::RightButton, {}, chart->rect().center());
    settle();
    auto* menu = page.view.findChild<QMenu*>();
    QVERIFY(menu);
    for (QAction* action : menu->actions()) {
      if (action->text().startsWith("Export")) action->trigger();
    }
    QCOMPARE(wanted.size(), 2);
    QCOMPARE(wanted[0][0].toString(), QStringLiteral("dynamics"));
    QCOMPARE(wanted[1][0].toString(), QStringLiteral("likelihood"));
    menu->close();
  }

  void tiny_and_resized_pages_draw() {
    Page page(testing::synthetic_pair(100), {240, 160});
    for (const QSize size : {QSize(800, 600), QSize(300, 900), QSize(1600, 300), QSize(240, 160)}) {
      page.view.resize(size);
      settle();
      QCOMPARE(page.view.picture().size(), size);
    }
  }
};

QTEST_MAIN(TestDynamicsView)
#include "test_dynamics_view.moc"
