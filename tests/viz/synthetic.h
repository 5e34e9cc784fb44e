// SPDX-License-Identifier: GPL-3.0-or-later
// Runs made up by the paper's equations: scores that grow alike, incentives of DPO, and a calibration that pulls log r
// to the centre of the band. Deterministic for a seed.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "core/band/band.h"
#include "viz/data/run_data.h"

namespace bandscope::viz::testing {

struct Synthetic {
  std::size_t steps = 600;
  bool calibrated = false;
  std::uint32_t seed = 1;
  std::string name = "dpo", pair_key = "demo";
  double noise = 1.0;
  std::size_t undefined_from = 0, undefined_to = 0;  ///< rows whose band and ratio are NaN
};

inline RunDataPtr synthetic_run(const Synthetic& wanted) {
  std::mt19937 random(wanted.seed);
  std::normal_distribution<double> normal(0, wanted.noise);
  auto run = std::make_shared<RunData>();
  run->name = wanted.name;
  run->pair_key = wanted.pair_key;
  run->objective = "dpo";
  run->calibrated = wanted.calibrated;
  std::vector<std::vector<double>> columns(column_count, std::vector<double>(wanted.steps));
  std::vector<double> steps(wanted.steps);
  const auto put = [&](Column column, std::size_t row, double value) {
    columns[static_cast<std::size_t>(column)][row] = value;
  };
  double z_w = -1.62, z_l = -1.71, ema = 0, ema_star = 0;
  const double pace = 1.0 / static_cast<double>(wanted.steps);
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t row = 0; row < wanted.steps; ++row) {
    const double t = static_cast<double>(row) * pace;
    Scores scores;
    scores.norm_w = std::exp(0.1 * std::sin(5 * t) + 0.06 * normal(random)) * 4.1;
    scores.norm_l = scores.norm_w * std::exp(0.28 * (1 - std::exp(-4 * t)) + 0.05 * normal(random));
    scores.dot = scores.norm_w * scores.norm_l * std::min(0.99, 0.90 - 0.25 * t + 0.03 * normal(random));
    const double d = 0.05 / (1 + std::exp(3 * t)) + 1e-4;
    const double drift = 0.42 * (1 - std::exp(-5 * t)) + 0.05 * normal(random);
    const double d_w = d * std::exp(-drift / 2), d_l = d * std::exp(drift / 2);
    const double log_r = log_ratio(d_w, d_l), star = scores.log_r_star();
    ema = row == 0 ? log_r : 0.98 * ema + 0.02 * log_r;
    ema_star = row == 0 ? star : 0.98 * ema_star + 0.02 * star;
    const double alpha = wanted.calibrated ? std::exp((ema_star - ema) / 2) : 1.0;
    const double applied = log_r + 2 * std::log(alpha);
    const Velocity velocity = likelihood_velocity(d_w * alpha, d_l / alpha, scores);
    z_w += 1.6 * velocity.z_w * pace + 0.0007 * normal(random) * std::sqrt(600 * pace);
    z_l += 1.6 * velocity.z_l * pace + 0.0007 * normal(random) * std::sqrt(600 * pace);
    // A step's rows are easier or harder than the mean for policy and reference alike.
    const double rows_w = 0.02 * normal(random), rows_l = 0.02 * normal(random);
    const double seen_w = z_w + rows_w, seen_l = z_l + rows_l;
    const bool undefined = row >= wanted.undefined_from && row < wanted.undefined_to;
    const Band band = disentanglement_band(scores);
    steps[row] = static_cast<double>(row + 1);
    put(Column::z_w, row, seen_w);
    put(Column::z_l, row, seen_l);
    // Not looked at once more after the update.
    put(Column::z_w_after, row, kNan);
    put(Column::z_l_after, row, kNan);
    put(Column::z_w_ref, row, -1.62 + rows_w + 0.002 * normal(random));
    put(Column::z_l_ref, row, -1.71 + rows_l + 0.002 * normal(random));
    put(Column::margin, row, seen_w - seen_l);
    put(Column::d_w, row, d_w);
    put(Column::d_l, row, d_l);
    put(Column::score_norm_w, row, scores.norm_w);
    put(Column::score_norm_l, row, scores.norm_l);
    put(Column::score_dot, row, scores.dot);
    put(Column::rho, row, scores.rho());
    put(Column::alpha, row, alpha);
    put(Column::ema_log_r, row, ema);
    put(Column::ema_log_r_star, row, ema_star);
    put(Column::learning_rate, row, 5e-7);
    put(Column::slack, row, undefined ? kNan : slack(applied, scores));
    put(Column::log_r, row, undefined ? kNan : log_r);
    put(Column::log_r_star, row, undefined ? kNan : star);
    put(Column::log_r_applied, row, undefined ? kNan : applied);
    put(Column::band_lower, row, undefined ? kNan : band.lower);
    put(Column::band_upper, row, undefined ? kNan : band.upper);
  }
  run->steps = Samples(steps);
  for (int column = 0; column < column_count; ++column) {
    run->set(static_cast<Column>(column), Samples(std::move(columns[static_cast<std::size_t>(column)])));
  }
  for (std::size_t row = 0; row < wanted.steps; row += std::max<std::size_t>(1, wanted.steps / 20)) {
    const double w = run->column(Column::z_w)[row], l = run->column(Column::z_l)[row];
    run->probe.push_back({static_cast<std::int64_t>(row), w, l, w - l, 0.5 + 0.5 * pace * static_cast<double>(row)});
  }
  for (std::size_t step = 0; wanted.steps > 0 && step <= wanted.steps;
       step += std::max<std::size_t>(1, wanted.steps / 4)) {
    const double t = static_cast<double>(step) * pace, gain = (wanted.calibrated ? 0.05 : -0.12) * t;
    const auto add = [&](const char* task, const char* metric, double start) {
      EvaluationRow number{static_cast<std::int64_t>(step), task, metric, "none"};
      number.value = start + gain;
      number.error = 0.02;
      number.samples = 200;
      run->evaluation.push_back(number);
    };
    add("arc_challenge", "acc", 0.31);
    add("arc_challenge", "acc_norm", 0.36);
    add("bbh", "acc_norm", 0.44);
    add("gsm8k", "exact_match", 0.37);
    add("mmlu_pro", "exact_match", 0.3);
    add("musr", "acc_norm", 0.41);
  }
  return run;
}

/// The two runs of one spec.
inline std::vector<RunDataPtr> synthetic_pair(std::size_t steps = 600) {
  Synthetic without{.steps = steps}, with{.steps = steps, .calibrated = true, .seed = 2, .name = "dpo-rc"};
  return {synthetic_run(without), synthetic_run(with)};
}

}  // namespace bandscope::viz::testing
