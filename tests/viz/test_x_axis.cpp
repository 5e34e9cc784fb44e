// SPDX-License-Identifier: GPL-3.0-or-later
// Figures along epochs, tokens and time in place of steps, and means over seeds.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "core/error.h"
#include "tests/viz/synthetic.h"
#include "viz/chart/dynamics_view.h"
#include "viz/export/export_figure.h"
#include "viz/figure/figures.h"
#include "viz/figure/seed_means.h"
#include "viz/figure/x_axis.h"

using namespace bandscope;
using namespace bandscope::viz;

namespace {

/// Forty steps of `tokens` tokens and `seconds` s each, ten to the epoch.
RunDataPtr run_of(const std::string& name, bool calibrated, double tokens, double seconds) {
  auto run = std::make_shared<RunData>(*testing::synthetic_run({.steps = 40, .calibrated = calibrated, .name = name}));
  std::vector<double> epochs, counts, times;
  for (int step = 1; step <= 40; ++step) {
    epochs.push_back(step / 10.0);
    counts.push_back(tokens);
    times.push_back(step * seconds);
  }
  run->set(Column::epoch, Samples(epochs));
  run->set(Column::tokens, Samples(counts));
  run->set(Column::time, Samples(times));
  run->events.push_back({20, 0, "stop", Message::plain("asked for")});
  return run;
}

std::vector<RunDataPtr> pair() { return {run_of("dpo", false, 100, 30), run_of("dpo-rc", true, 100, 60)}; }

RunDataPtr without(const RunDataPtr& run, Column column) {
  auto copy = std::make_shared<RunData>(*run);
  copy->set(column, Samples(std::vector<double>(run->steps.size(), NAN)));
  return copy;
}

FigureOptions along(XAxis axis) {
  FigureOptions options;
  options.x_axis = axis;
  options.events = options.strip = true;
  return options;
}

RunDataPtr seed_of(int seed, bool calibrated, double margin) {
  auto run = std::make_shared<RunData>(*testing::synthetic_run(
      {.steps = 4,
       .calibrated = calibrated,
       .name = (calibrated ? "rc" : "plain") + std::to_string(seed),
       .pair_key = "[objective]\nname = \"dpo\"\n[run]\nseed = " + std::to_string(seed) + "\n"}));
  run->set(Column::margin, Samples(std::vector<double>{margin, 2 * margin, seed == 1 ? NAN : 3 * margin, margin}));
  return run;
}

}  // namespace

class TestXAxis : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void places() {
    const RunDataPtr run = run_of("a", false, 100, 30);
    const StepPlaces tokens(run, XAxis::tokens), time(run, XAxis::time), step(run, XAxis::step);
    QCOMPARE(tokens.at(3), 300.0);
    QCOMPARE(tokens.at(3.7), 300.0);
    QCOMPARE(tokens.at(0), 0.0);
    QCOMPARE(tokens.step_at(299), 2.0);
    QCOMPARE(tokens.step_at(-5), 1.0);
    QCOMPARE(tokens.step_at(1e9), 40.0);
    QCOMPARE(time.at(4), 2.0);  // minutes
    QVERIFY(step.at(7) == 7 && step.step_at(7) == 7);
    // A resumed clock that runs backwards, and rows without one, stay in order.
    auto odd = std::make_shared<RunData>(*run);
    odd->set(Column::time, Samples(std::vector<double>{60, 120, NAN, 90, 180}));
    odd->steps = Samples(std::vector<double>{1, 2, 3, 4, 5});
    const Samples places = StepPlaces(odd, XAxis::time).of(odd->steps);
    QCOMPARE(std::vector<double>(places.values().begin(), places.values().end()), (std::vector<double>{1, 2, 2, 2, 3}));
    for (const XAxisRow& row : x_axes()) QCOMPARE(int(x_axis_named(row.name)), int(row.axis));
    QVERIFY_EXCEPTION_THROWN(x_axis_named("hours"), SpecError);
  }

  void everything_that_is_drawn_follows() {
    for (const XAxis axis : {XAxis::epoch, XAxis::tokens, XAxis::time}) {
      const Figure figure = make_figure("dynamics", pair(), along(axis));
      QCOMPARE(figure.x_column, std::string(x_axis_row(axis).name));
      const StepPlaces first(pair()[0], axis), second(pair()[1], axis);
      int curves = 0, bands = 0, events = 0, strips = 0;
      for (const Panel& panel : figure.panels) {
        QCOMPARE(panel.x.key, std::string(x_axis_row(axis).name));
        QCOMPARE(panel.x.title, std::string(x_axis_row(axis).title));
        const auto places = [&](const std::string& run) { return run == "dpo" ? first : second; };
        for (const Line& line : panel.lines) {
          QCOMPARE(line.x[39], places(line.run).at(40));
          QCOMPARE(line.steps[9], places(line.run).at(10));
          ++curves;
        }
        for (const BandArea& band : panel.bands) {
          QCOMPARE(band.steps[39], places(band.run).at(40));
          ++bands;
        }
        for (const EventMark& event : panel.events) {
          QCOMPARE(event.step, places(event.run).at(20));
          ++events;
        }
        for (std::size_t i = 0; panel.strip && i < panel.strip->rows.size(); ++i, ++strips)
          QCOMPARE(panel.strip->rows[i].steps[39], places(panel.strip->rows[i].run).at(40));
      }
      QVERIFY(curves > 5 && bands == 2 && events > 0 && strips > 1);
    }
    // A plane has no such axis.
    QCOMPARE(make_figure("pathway-plane", pair(), along(XAxis::tokens)).panels[0].lines[0].steps[39], 40.0);
  }

  void without_the_column() {
    const std::vector<RunDataPtr> runs = {pair()[0], without(pair()[1], Column::tokens)};
    QVERIFY(has_x_axis(*runs[0], XAxis::tokens) && !has_x_axis(*runs[1], XAxis::tokens));
    const Figure figure = make_figure("margin", runs, along(XAxis::tokens));
    QVERIFY(figure.panels[0].x.key == "step" && figure.panels[0].lines[0].x[39] == 40);
    QVERIFY(make_figure("margin", runs, along(XAxis::time)).panels[0].x.key == "time");
    QVERIFY(make_figure("margin", {}, along(XAxis::time)).panels[0].x.key == "step");
  }

  void csv() {
    const QStringList lines =
        QString::fromStdString(figure_csv(make_figure("margin", {pair()[0]}, along(XAxis::tokens)))).split('\n');
    QVERIFY2(lines[0].startsWith("tokens,dpo/margin"), qPrintable(lines[0]));
    QVERIFY2(lines[1].startsWith("100,"), qPrintable(lines[1]));
    QCOMPARE(lines.size(), 42);
    // Two steps within one tick of the clock are two rows.
    auto run = std::make_shared<RunData>(*pair()[0]);
    std::vector<double> times(40);
    for (std::size_t i = 0; i < 40; ++i) times[i] = 60.0 * double(i / 2);
    run->set(Column::time, Samples(times));
    QCOMPARE(QString::fromStdString(figure_csv(make_figure("margin", {run}, along(XAxis::time)))).split('\n').size(),
             42);
  }

  void templates() {
    FigureTemplate figure;
    figure.kind = "margin";
    QVERIFY(template_text(figure).find("seeds") == std::string::npos);
    figure.x_axis = XAxis::time;
    figure.seed_means = true;
    QVERIFY(parse_template(template_text(figure), "t.toml") == figure);
    QCOMPARE(template_columns(figure).back(), Column::time);
    QCOMPARE(int(template_options(figure).x_axis), int(XAxis::time));
    QVERIFY_EXCEPTION_THROWN(parse_template("[figure]\nkind = \"margin\"\n[curves]\nx = \"hours\"\n", "t"), SpecError);
  }

  // The cursor is a step of the page, wherever it stands in a chart.
  void cursor_and_zoom_on_the_screen() {
    DynamicsView view;
    view.resize(900, 600);
    view.show();
    view.setFigure("margin");
    view.setRuns({run_of("dpo", false, 100, 30)});
    view.setXAxis(XAxis::tokens);
    QCOMPARE(view.shownRanges().x.at("tokens").greatest, 4000.0);
    view.setCursor(7);
    const auto values = view.cursorValues();
    QVERIFY(!values.empty());
    QCOMPARE(values[0].step, 7.0);
    QCOMPARE(values[0].value, run_of("dpo", false, 100, 30)->column(Column::margin)[6]);
    QSignalSpy moved(&view, &DynamicsView::cursorMoved);
    view.nextEvent();
    QCOMPARE(view.cursor(), std::optional<double>(20));
    QCOMPARE(moved.count(), 1);
    // What was zoomed along one axis is no range of another.
    view.zoom()->set_x("tokens", Range{1000, 2000});
    QCOMPARE(view.shownRanges().x.at("tokens").least, 1000.0);
    view.setXAxis(XAxis::epoch);
    QCOMPARE(view.shownRanges().x.at("epoch").greatest, 4.0);
    const auto settings = view.settings();
    QVERIFY(settings.x_axis == XAxis::epoch);
  }

  void seeds_become_their_mean() {
    const std::vector<RunDataPtr> runs = {seed_of(1, false, 1), seed_of(1, true, 5), seed_of(2, false, 2),
                                          seed_of(3, false, 3)};
    QVERIFY(has_seeds(runs) && !has_seeds({runs[0], runs[1]}));
    const auto means = seed_means(runs);
    QCOMPARE(means.size(), std::size_t(2));
    QCOMPARE(means[0].seeds, std::size_t(3));
    QCOMPARE(means[0].mean->name, std::string("plain1 (n = 3)"));
    QVERIFY(means[1].mean == runs[1] && !means[1].lower);
    const Samples margin = means[0].mean->column(Column::margin);
    QCOMPARE(margin[0], 2.0);
    QCOMPARE(margin[1], 4.0);
    QCOMPARE(margin[2], 7.5);  // of the two that are defined
    QCOMPARE(means[0].lower->column(Column::margin)[1], 2.0);
    QCOMPARE(means[0].upper->column(Column::margin)[1], 6.0);
    FigureOptions options;
    options.seed_means = true;
    const Panel panel = make_figure("margin", runs, options).panels[0];
    QCOMPARE(panel.lines.size(), std::size_t(2));
    QCOMPARE(panel.bands.size(), std::size_t(1));
    QCOMPARE(panel.bands[0].upper[1], 6.0);
    QCOMPARE(make_figure("margin", runs).panels[0].lines.size(), std::size_t(4));
    QVERIFY(make_figure("margin", {runs[0], runs[1]}, options).panels[0].bands.empty());
    // Only the steps that all have.
    auto shorter = std::make_shared<RunData>(*runs[2]);
    shorter->steps = Samples(std::vector<double>{2, 4});
    shorter->set(Column::margin, Samples(std::vector<double>{10, 20}));
    const auto both = seed_means({runs[0], shorter});
    QCOMPARE(both[0].mean->steps.size(), std::size_t(2));
    QCOMPARE(both[0].mean->column(Column::margin)[0], 6.0);
  }

  void columns_are_panels() {
    const Figure all = make_figure("columns", pair());
    QVERIFY(all.panels.size() > 20);
    FigureOptions options;
    options.parts = {"grad_norm", "rho"};
    const Figure two = make_figure("columns", pair(), options);
    QCOMPARE(two.panels.size(), std::size_t(2));
    QVERIFY(two.panels[0].title == "rho" && two.panels[0].lines.size() == 2);
    options.parts = {"nothing"};
    QVERIFY_EXCEPTION_THROWN(make_figure("columns", pair(), options), SpecError);
    QVERIFY(!make_figure("columns", {}).panels.empty());
  }
};

QTEST_MAIN(TestXAxis)
#include "test_x_axis.moc"
