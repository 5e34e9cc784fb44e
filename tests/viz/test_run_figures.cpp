// SPDX-License-Identifier: GPL-3.0-or-later
// Figures beside the paper's: differences match steps, not rows; the predicted margin is Corollary 3.2 summed.
#include <QTest>
#include <cmath>

#include "core/band/band.h"
#include "tests/viz/synthetic.h"
#include "viz/figure/figures.h"

using namespace bandscope;
using namespace bandscope::viz;
using bandscope::viz::testing::synthetic_pair;

namespace {

RunDataPtr with_steps(const std::string& name, std::vector<double> steps, std::vector<double> z_w) {
  auto run = std::make_shared<RunData>();
  run->name = name;
  run->steps = Samples(std::move(steps));
  run->set(Column::z_l, Samples(std::vector<double>(z_w.size(), -2)));
  std::vector<double> margin = z_w;
  for (double& value : margin) value += 2;
  run->set(Column::margin, Samples(std::move(margin)));
  run->set(Column::z_w, Samples(std::move(z_w)));
  return run;
}

}  // namespace

class TestRunFigures : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void differences_are_taken_on_common_steps() {
    const auto first = with_steps("a", {1, 2, 3, 5, 8}, {-1, -1.1, -1.2, -1.3, -1.4});
    const auto second = with_steps("b", {2, 3, 4, 8, 9, 10}, {-1, -1, -1, -1, -1, -1});
    const Figure figure = make_figure("difference", {first, second});
    const Line& line = figure.panels[0].lines[1];
    QCOMPARE(line.symbol, std::string("Δz_w"));
    QCOMPARE(line.steps.size(), 3u);
    QCOMPARE(line.steps[1], 3.0);
    QVERIFY(std::abs(line.y[0] - 0.1) < 1e-12 && std::abs(line.y[1] - 0.2) < 1e-12 &&
            std::abs(line.y[2] - 0.4) < 1e-12);
    QVERIFY2(figure.panels[0].title_note.find("3 common steps, 5 without a match") != std::string::npos,
             figure.panels[0].title.c_str());
  }

  void a_difference_needs_two_runs_with_common_steps() {
    const auto run = with_steps("a", {1, 2}, {-1, -1});
    QVERIFY(make_figure("difference", {run}).panels[0].empty_text.find("two runs") != std::string::npos);
    const Figure none = make_figure("difference", {run, with_steps("b", {7, 8}, {-1, -1})});
    QVERIFY(none.panels[0].empty_text.find("no step in common") != std::string::npos);
  }

  void the_predicted_margin_is_the_corollary_summed() {
    const auto run = synthetic_pair(200)[1];
    const Figure figure = make_figure("predicted-margin", {run});
    const Line& predicted = figure.panels[0].lines[0];
    QCOMPARE(predicted.y[0], 0.0);
    const auto velocity = [&](std::size_t row) {
      const double alpha = run->column(Column::alpha)[row];
      return likelihood_velocity(run->column(Column::d_w)[row] * alpha, run->column(Column::d_l)[row] / alpha,
                                 {run->column(Column::score_norm_w)[row], run->column(Column::score_norm_l)[row],
                                  run->column(Column::score_dot)[row]})
          .margin();
    };
    // One factor for the whole run: the curve's increments are in the ratio of the velocities.
    const double unit = (predicted.y[1] - predicted.y[0]) / velocity(0);
    for (std::size_t row = 1; row + 1 < predicted.y.size(); ++row) {
      QVERIFY(std::abs((predicted.y[row + 1] - predicted.y[row]) / velocity(row) - unit) < 1e-6 * std::abs(unit));
    }
    const Line& realised = figure.panels[0].lines[1];
    // These runs are made by the equation, so the fitted curve ends where the realised one does.
    QVERIFY(std::abs(predicted.y[199] - realised.smooth[199]) < 0.25 * std::abs(realised.smooth[199]));
  }

  /// A page reads what a figure needs when it is chosen: what was drawn before it came is not what is drawn after.
  void a_column_that_comes_later_changes_the_curve() {
    const auto made = synthetic_pair(50)[1];
    std::vector<double> warming_up(50);
    for (std::size_t row = 0; row < 50; ++row) warming_up[row] = 1e-6 * static_cast<double>(row + 1);
    const auto before = std::make_shared<RunData>(*made);
    before->columns[static_cast<std::size_t>(Column::learning_rate)].reset();
    const auto after = std::make_shared<RunData>(*before);
    after->set(Column::learning_rate, Samples(warming_up));
    const auto fresh = std::make_shared<RunData>(*after);
    const auto d_w = made->column(Column::d_w).values();
    fresh->set(Column::d_w, Samples(std::vector<double>(d_w.begin(), d_w.end())));
    const auto curve = [](const RunDataPtr& run) {
      const auto drawn = make_figure("predicted-margin", {run}).panels[0].lines[0].y.values();
      return std::vector<double>(drawn.begin(), drawn.end());
    };
    const auto without = curve(before), with = curve(after);
    QVERIFY(with != without);
    QVERIFY(with == curve(fresh));
  }

  void the_realised_margin_is_of_the_same_pairs_where_it_is_known() {
    const auto plain = synthetic_pair(5)[1];
    const auto named = [](const Figure& figure, const char* words) {
      return std::ranges::any_of(figure.panels[0].legend, [&](const LegendEntry& entry) {
        return entry.label.find(words) != std::string::npos;
      });
    };
    const Figure different = make_figure("predicted-margin", {plain});
    QVERIFY(named(different, "realised on different pairs") && !named(different, "same pairs"));

    auto run = std::make_shared<RunData>(*plain);
    const Samples z_w = plain->column(Column::z_w), z_l = plain->column(Column::z_l);
    std::vector<double> w_after, l_after;
    for (std::size_t row = 0; row < z_w.size(); ++row) {
      w_after.push_back(z_w[row] + 0.01 * static_cast<double>(row + 1));
      l_after.push_back(row == 3 ? std::nan("") : z_l[row] - 0.02);
    }
    run->set(Column::z_w_after, Samples(w_after));
    run->set(Column::z_l_after, Samples(l_after));
    QVERIFY(likelihood_columns(*run).change() == Change::same_pairs);
    run->same_pairs = true;
    const Figure same = make_figure("predicted-margin", {run});
    QVERIFY(named(same, "realised on the same pairs"));
    const Line& realised = same.panels[0].lines.back();
    QCOMPARE(realised.column, std::string("margin_moved"));
    // Changes of 0.03, 0.04, 0.05, unknown: summed before each step.
    const double sums[] = {0.0, 0.03, 0.07, 0.12, 0.12};
    for (std::size_t row = 0; row < 5; ++row) QVERIFY(std::abs(realised.y[row] - sums[row]) < 1e-12);
    QVERIFY(named(make_figure("predicted-margin", {plain, run}), "on the same pairs where recorded"));
  }

  void the_probe_has_steps_of_its_own() {
    auto run = std::make_shared<RunData>(*synthetic_pair(50)[0]);
    run->probe.clear();
    QVERIFY(make_figure("probe", {run}).panels[0].empty_text.find("[probe] every") != std::string::npos);
    run->probe = {{0, -1.5, -1.6, 0.1, 0.5}, {25, -1.4, -1.7, 0.3, 0.7}};
    const Figure figure = make_figure("probe", {run});
    QCOMPARE(figure.panels[1].lines[0].steps[1], 25.0);
    QCOMPARE(figure.panels[1].lines[0].y[1], 0.3);
    QCOMPARE(figure.panels[2].lines[0].y[0], 0.5);
  }

  void speed_is_tokens_by_seconds_and_memory_gib() {
    auto run = std::make_shared<RunData>();
    run->steps = Samples(std::vector<double>{1, 2, 3});
    run->set(Column::tokens, Samples(std::vector<double>{100, 100, 100}));
    run->set(Column::seconds, Samples(std::vector<double>{2, 0, 4}));
    run->set(Column::memory, Samples(std::vector<double>(3, 3.0 * 1024 * 1024 * 1024)));
    const Figure figure = make_figure("training", {run}, {.parts = {"speed", "memory"}});
    QCOMPARE(figure.panels.size(), 2u);
    QCOMPARE(figure.panels[0].lines[0].y[0], 50.0);
    QVERIFY(std::isnan(figure.panels[0].lines[0].y[1]));
    QCOMPARE(figure.panels[1].lines[0].y[2], 3.0);
  }

  void every_part_can_be_shown_alone() {
    const auto pair = synthetic_pair(60);
    for (const auto& name : figure_names()) {
      for (const auto& part : figure_parts(name)) {
        FigureOptions options;
        options.parts = {part.name};
        const auto panels = make_figure(name, pair, options).panels;
        QVERIFY2(!panels.empty(), (name + " " + part.name).c_str());
        for (const Panel& panel : panels) QCOMPARE(panel.part, part.name);
      }
    }
  }
};

QTEST_GUILESS_MAIN(TestRunFigures)
#include "test_run_figures.moc"
