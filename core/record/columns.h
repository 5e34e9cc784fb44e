// SPDX-License-Identifier: Apache-2.0
// Names and rows of the run record (contract, section 5).
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace bandscope {

/// Columns of /steps in file order; `step` is written last.
enum class Column : int {
  epoch,
  time,
  seconds,
  tokens,
  learning_rate,
  loss,
  z_w,
  z_l,
  z_w_ref,
  z_l_ref,
  margin,
  effective_margin,
  accuracy,
  d_w,
  d_l,
  score_norm_w,
  score_norm_l,
  score_dot,
  rho,
  log_r,
  log_r_star,
  log_r_applied,
  band_lower,
  band_upper,
  slack,
  ema_log_r,
  ema_log_r_star,
  alpha,
  uncalibrated,
  grad_norm,
  memory,
  count
};
inline constexpr int column_count = static_cast<int>(Column::count);
inline constexpr std::array<std::string_view, column_count> column_names = {
    "epoch",         "time",          "seconds",
    "tokens",        "learning_rate", "loss",
    "z_w",           "z_l",           "z_w_ref",
    "z_l_ref",       "margin",        "effective_margin",
    "accuracy",      "d_w",           "d_l",
    "score_norm_w",  "score_norm_l",  "score_dot",
    "rho",           "log_r",         "log_r_star",
    "log_r_applied", "band_lower",    "band_upper",
    "slack",         "ema_log_r",     "ema_log_r_star",
    "alpha",         "uncalibrated",  "grad_norm",
    "memory"};

/// One row of /steps.
struct StepRow {
  std::int64_t step = 0;
  std::array<double, column_count> values;
  StepRow() { values.fill(std::numeric_limits<double>::quiet_NaN()); }
  double& operator[](Column c) { return values[static_cast<std::size_t>(c)]; }
  double operator[](Column c) const { return values[static_cast<std::size_t>(c)]; }
};

/// One row of /pairs.
struct PairRow {
  std::int64_t step = 0;
  std::int64_t row = 0;  ///< line of the data file, from 0
  double z_w = 0, z_l = 0, z_w_ref = 0, z_l_ref = 0, d_w = 0, d_l = 0;
  std::int64_t tokens_w = 0, tokens_l = 0;
};

/// One row of /probe.
struct ProbeRow {
  std::int64_t step = 0;
  double z_w = 0, z_l = 0, margin = 0, accuracy = 0;
};

/// One step of /layers, one value per layer name.
struct LayerRow {
  std::int64_t step = 0;
  std::vector<double> score_norm_w, score_norm_l, score_dot;
};

/// One row of /events. Kinds: "rc", "checkpoint", "alert", "non-finite", "stop", "resume", "pause", "learning-rate",
/// "momentum", "repair", "note".
struct EventRow {
  std::int64_t step = 0;
  double time = 0;      ///< seconds of training since the run's start
  std::string kind;     ///< cut to 32 bytes
  std::string message;  ///< cut to 512 bytes (at a UTF-8 boundary)
};

/// /status
enum class RunState : int { waiting = 0, running = 1, paused = 2, done = 3, failed = 4, stopped = 5 };
std::string_view to_string(RunState state);

}  // namespace bandscope
