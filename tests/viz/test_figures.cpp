// SPDX-License-Identifier: GPL-3.0-or-later
// Figures hold the record's values, pair runs, keep one range for a pair's bands and say why they are empty.
#include <QTest>

#include "core/error.h"
#include "tests/viz/synthetic.h"
#include "viz/draw/draw_panel.h"
#include "viz/export/paper.h"
#include "viz/figure/figures.h"
#include "viz/theme.h"

using namespace bandscope;
using namespace bandscope::viz;
using bandscope::viz::testing::synthetic_pair;
using bandscope::viz::testing::synthetic_run;

class TestFigures : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_contract_s_figures_are_there() {
    const std::vector<std::string> names = {
        "dynamics",         "overlay",    "band",       "likelihood",    "margin",           "pathway-plane",
        "cosine",           "scores",     "incentives", "pathway-strip", "calibration",      "slack",
        "predicted-margin", "training",   "probe",      "evaluation",    "evaluation-table", "sweep-table",
        "columns",          "difference", "figure2",    "figure3",       "scope-comparison", "dynamics-grid"};
    QCOMPARE(figure_names(), names);
    QVERIFY_EXCEPTION_THROWN(make_figure("dynamic", {}), SpecError);
    QVERIFY_EXCEPTION_THROWN(figure_columns(""), SpecError);
  }

  void dynamics_has_the_paper_s_four_panels() {
    const auto runs = synthetic_pair(100);
    const Figure figure = make_figure("dynamics", {runs[1], runs[0]});  // whatever the order
    QCOMPARE(figure.panels.size(), std::size_t(4));
    QCOMPARE(figure.panels[0].title, std::string("Band w/o RC"));
    QCOMPARE(figure.panels[0].bands[0].run, std::string("dpo"));
    QCOMPARE(figure.panels[1].bands[0].run, std::string("dpo-rc"));
    QCOMPARE(figure.panels[2].lines.size(), std::size_t(4));
    QCOMPARE(figure.panels[3].lines.size(), std::size_t(2));
  }

  void colours_are_the_run_s_hue_and_the_response_s_strength() {
    const Figure figure = make_figure("likelihood", synthetic_pair(50));
    for (const Line& line : figure.panels[0].lines) {
      QCOMPARE(line.color.name(), line.run == "dpo" ? QStringLiteral("#d55e00") : QStringLiteral("#0072b2"));
      QVERIFY(std::abs(line.color.alphaF() - (line.column == "z_w" ? 1.0 : 0.55)) < 0.005);
    }
    const Figure bands = make_figure("band", synthetic_pair(50));
    QVERIFY(std::abs(bands.panels[0].bands[0].fill.alphaF() - 0.18) < 0.005);
    QVERIFY(std::abs(bands.panels[0].bands[0].edge.alphaF() - 0.45) < 0.005);
  }

  void further_runs_have_further_hues() {
    const auto run = [](const char* name, bool calibrated) {
      return synthetic_run({.steps = 20, .calibrated = calibrated, .name = name, .pair_key = name});
    };
    const Figure figure = make_figure("margin", {run("a", false), run("b", false), run("c", true), run("d", true)});
    QStringList hues;
    for (const Line& line : figure.panels[0].lines) hues << line.color.name() + (line.dashed ? " dashed" : "");
    // Of one objective; those that no partner is known of go together in their order.
    QCOMPARE(hues, QStringList({"#cc79a7", "#56b4e9", "#cc79a7 dashed", "#56b4e9 dashed"}));
  }

  void lines_hold_the_record_s_values() {
    const auto runs = synthetic_pair(300);
    const Figure figure = make_figure("margin", runs);
    for (std::size_t k = 0; k < 2; ++k) {
      const Samples expected = runs[k]->column(Column::margin);
      QVERIFY(
          std::equal(expected.values().begin(), expected.values().end(), figure.panels[0].lines[k].y.values().begin()));
    }
  }

  void steps_outside_the_band_are_ticked() {
    const auto run = synthetic_run({.steps = 400, .undefined_from = 100, .undefined_to = 120});
    const Figure figure = make_figure("band", {run});
    std::vector<double> expected;
    for (std::size_t row = 0; row < 400; ++row) {
      const double r = run->column(Column::log_r_applied)[row];
      if (r < run->column(Column::band_lower)[row] || r > run->column(Column::band_upper)[row]) {
        expected.push_back(run->steps[row]);
      }
    }
    const auto ticks = figure.panels[0].ticks[0].steps.values();
    QVERIFY(expected.size() > 50);
    QCOMPARE(std::vector<double>(ticks.begin(), ticks.end()), expected);
  }

  void both_bands_have_one_range_and_edges_line_up() {
    const Figure figure = make_figure("dynamics", synthetic_pair(200));
    const FigurePlan plan = plan_figure(figure, paper_area(figure), paper_metrics(figure));
    QCOMPARE(plan.layouts[0].y.range, plan.layouts[1].y.range);
    QCOMPARE(plan.layouts[0].plot.left(), plan.layouts[2].plot.left());
    QCOMPARE(plan.layouts[1].plot.left(), plan.layouts[3].plot.left());
    QCOMPARE(plan.layouts[0].x.range, plan.layouts[3].x.range);
    for (const auto& layout : plan.layouts) {
      QVERIFY(layout.outer.contains(layout.plot));
      QVERIFY(layout.y_ticks.size() >= 2);
    }
  }

  void gaps_break_line_and_band() {
    const auto run = synthetic_run({.steps = 300, .undefined_from = 100, .undefined_to = 150});
    const Figure figure = make_figure("band", {run});
    const FigurePlan plan = plan_figure(figure, paper_area(figure), paper_metrics(figure));
    QCOMPARE(plan.plans[0].bands[0].lower.pieces.size(), std::size_t(2));
    QCOMPARE(plan.plans[0].bands[0].upper.pieces.size(), std::size_t(2));
    for (const auto& curve : plan.plans[0].lines) QCOMPARE(curve.raw.pieces.size(), std::size_t(2));
    QVERIFY(plan.plans[0].undefined > 0);
  }

  void off_scale_points_are_counted() {
    FigureOptions options;
    const auto run = synthetic_run({.steps = 300});
    const Samples margin = run->column(Column::margin);
    options.y_range = {0.1, 0.2};
    const Figure figure = make_figure("margin", {run}, options);
    const FigurePlan plan = plan_figure(figure, paper_area(figure), paper_metrics(figure));
    std::size_t below = 0, above = 0;
    for (const double value : margin.values()) below += value<0.1, above += value> 0.2;
    QCOMPARE(plan.plans[0].off.below, below);
    QCOMPARE(plan.plans[0].off.above, above);
    QVERIFY(above > 0);
  }

  void the_plane_starts_at_the_reference() {
    const auto run = synthetic_run({.steps = 300});
    const Figure figure = make_figure("pathway-plane", {run});
    const Line& line = figure.panels[0].lines[0];
    QCOMPARE(line.y[10], run->column(Column::z_w)[10] - run->column(Column::z_w_ref)[10]);
    QCOMPARE(line.x[10], run->column(Column::z_l)[10] - run->column(Column::z_l_ref)[10]);
    auto alone = std::make_shared<RunData>(*run);
    alone->columns[static_cast<std::size_t>(Column::z_w_ref)].reset();
    const Figure without = make_figure("pathway-plane", {alone});
    QCOMPARE(without.panels[0].lines[0].y[0], 0.0);
    QVERIFY(without.panels[0].y.title.find("first step") != std::string::npos);
  }

  void empty_figures_say_why() {
    for (const auto& name : figure_names()) {
      QVERIFY(make_figure(name, {}).panels[0].empty_text.find("No run is open") != std::string::npos);
      auto waiting = std::make_shared<RunData>();
      waiting->name = "waiting";
      waiting->state = RunState::running;
      const auto ended = std::make_shared<RunData>(*waiting);
      ended->state = RunState::done;
      for (const auto& [run, says] : {std::pair(waiting, "No step recorded yet"), std::pair(ended, "ended before")}) {
        const std::vector<RunDataPtr> runs(name == "difference" ? 2 : 1, run);
        QVERIFY(make_figure(name, runs).panels[0].empty_text.find(says) != std::string::npos);
      }
    }
    const auto runs = synthetic_pair(30);
    const auto x = synthetic_run({.steps = 30, .name = "x", .pair_key = "x"}),
               y = synthetic_run({.steps = 30, .name = "y", .pair_key = "y"});
    const Figure three = make_figure("dynamics", {runs[0], x, y});
    QVERIFY(three.panels[1].empty_text.find("with reward calibration") != std::string::npos);
  }

  /// As where reward calibration is switched on while a run goes on.
  void a_ratio_that_was_changed_is_drawn_before_and_after() {
    const auto drawn = [](const RunDataPtr& run) {
      std::vector<std::string> symbols;
      for (const Line& line : make_figure("band", {run}).panels[0].lines) symbols.push_back(line.symbol);
      return symbols;
    };
    const auto without = synthetic_run({.steps = 30, .name = "x", .pair_key = "x"});
    QVERIFY(!ratio_changed(*without));
    QCOMPARE(drawn(without), (std::vector<std::string>{"log r*", "log r"}));
    const auto steered = std::make_shared<RunData>(*without);
    std::vector<double> applied(without->column(Column::log_r).values().begin(),
                                without->column(Column::log_r).values().end());
    applied.back() += 1.5;
    steered->set(Column::log_r_applied, Samples(applied));
    QVERIFY(ratio_changed(*steered));
    QCOMPARE(drawn(steered), (std::vector<std::string>{"log r*", "log r", "log α²r"}));
  }

  void two_runs_of_one_kind_have_a_band_each() {
    const auto x = synthetic_run({.steps = 30, .name = "x", .pair_key = "x"}),
               y = synthetic_run({.steps = 30, .name = "y", .pair_key = "y"});
    const Figure figure = make_figure("dynamics", {x, y});
    for (std::size_t i = 0; i < 2; ++i) {
      const std::string name = i == 0 ? "x" : "y";
      QVERIFY(figure.panels[i].empty_text.empty() && !figure.panels[i].bands.empty());
      QCOMPARE(figure.panels[i].bands.back().run, name);
      QVERIFY2(figure.panels[i].title.ends_with(" · " + name), figure.panels[i].title.c_str());
    }
  }

  void smoothing_keeps_the_raw_line_behind() {
    FigureOptions options;
    options.smoothing = {Smoothing::Kind::ema, 0.9};
    const auto runs = synthetic_pair(100);
    const Figure figure = make_figure("margin", runs, options);
    QCOMPARE(figure.panels[0].lines[0].y[50], runs[0]->column(Column::margin)[50]);
    QCOMPARE(figure.panels[0].lines[0].smooth.size(), std::size_t(100));
    QVERIFY(figure.panels[0].lines[0].smooth[50] != figure.panels[0].lines[0].y[50]);
  }
};

QTEST_MAIN(TestFigures)
#include "test_figures.moc"
