// SPDX-License-Identifier: Apache-2.0
// Names and rows of the run record (specification, section 5).
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/message/message.h"

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
  z_w_after,
  z_l_after,
  count
};
inline constexpr int column_count = static_cast<int>(Column::count);

/// What a column of the record is: attributes of its dataset (those that are not empty), and its line in FORMAT.md.
struct ColumnAbout {
  std::string_view name, symbol, unit, meaning;
};

/// /steps but for `step`, in the order of Column.
inline constexpr std::array<ColumnAbout, column_count> step_columns = {{
    {"epoch", "", "", "passes over the training pairs"},
    {"time", "t", "s", "training since the run's start, over resumes"},
    {"seconds", "", "s", "training of this step"},
    {"tokens", "", "", "ids processed in this step"},
    {"learning_rate", "η", "", "of this step's update, by the schedule"},
    {"loss", "L", "", "mean over the step's pairs"},
    {"z_w", "z_w", "nat", "log-likelihood of the chosen responses, mean over the step's pairs"},
    {"z_l", "z_l", "nat", "log-likelihood of the rejected responses, mean over the step's pairs"},
    {"z_w_ref", "z_w,ref", "nat", "z_w of the reference model"},
    {"z_l_ref", "z_l,ref", "nat", "z_l of the reference model"},
    {"margin", "m", "nat", "z_w - z_l"},
    {"effective_margin", "m~", "nat", "(z_w - z_w_ref) - (z_l - z_l_ref)"},
    {"accuracy", "acc", "", "share of the step's pairs whose effective margin is above 0"},
    {"d_w", "d_w", "", "incentive of the chosen response (Table 1), mean over the step's pairs"},
    {"d_l", "d_l", "", "incentive of the rejected response (Table 1), mean over the step's pairs"},
    {"score_norm_w", "‖s_w‖", "nat", "norm of the score of z_w in the score scope"},
    {"score_norm_l", "‖s_l‖", "nat", "norm of the score of z_l in the score scope"},
    {"score_dot", "⟨s_w, s_l⟩", "nat^2", "inner product of the two scores"},
    {"rho", "ρ", "", "cosine of the two scores, Eq. (7)"},
    {"log_r", "log r", "", "log d_w - log d_l; NaN where one is not positive"},
    {"log_r_star", "log r*", "", "centre of the disentanglement band: log ‖s_l‖ - log ‖s_w‖, Eq. (11)"},
    {"log_r_applied", "log α²r", "", "log_r + 2 log alpha"},
    {"band_lower", "", "", "log_r_star + log rho, Eq. (9); NaN where rho is not positive"},
    {"band_upper", "", "", "log_r_star - log rho, Eq. (9); NaN where rho is not positive"},
    {"slack", "", "", "distance of log_r_applied to the nearer edge of the band, negative outside, Eq. (10)"},
    {"ema_log_r", "", "", "log_r of the moving averages of the incentives, after the step's last micro-batch"},
    {"ema_log_r_star", "", "", "log_r_star of the moving averages of the score norms, after the last micro-batch"},
    {"alpha", "α", "", "calibration's factor of z_w's gradient, Eq. (63); z_l's is 1/alpha; of the last micro-batch"},
    {"uncalibrated", "", "", "micro-batches of the step whose ratio was undefined"},
    {"grad_norm", "‖g‖", "", "norm of the gradient before clipping"},
    {"memory", "", "B", "peak memory of the process, or of its device"},
    {"z_w_after", "z_w", "nat", "z_w of the same pairs after the step's update; NaN without scores.after_update"},
    {"z_l_after", "z_l", "nat", "z_l of the same pairs after the step's update; NaN without scores.after_update"},
}};

inline constexpr auto column_names = [] {
  std::array<std::string_view, column_count> names;
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = step_columns[i].name;
  return names;
}();

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
  double z_w_after = std::numeric_limits<double>::quiet_NaN(), z_l_after = std::numeric_limits<double>::quiet_NaN();
  std::int64_t row_l = -1;  ///< line of the rejected response, where rows are of one response; -1: not recorded

  std::int64_t rejected_row() const { return row_l < 0 ? row : row_l; }
};

/// A column of /pairs and the member of PairRow that it holds.
struct PairField {
  ColumnAbout about;
  std::variant<double PairRow::*, std::int64_t PairRow::*> member;
  std::int64_t absent = 0;  ///< what an integer reads as in a record from before the column
};

/// All of /pairs in file order; `step` is written last.
inline constexpr PairField pair_fields[] = {
    {{"row", "", "", "line of the data file, from 0: of the pair, or of its chosen response"}, &PairRow::row},
    {{"row_l", "", "", "line of its rejected response: another where rows are of one response; -1 is unknown"},
     &PairRow::row_l,
     -1},
    {{"z_w", "z_w", "nat", "log-likelihood of the chosen response"}, &PairRow::z_w},
    {{"z_l", "z_l", "nat", "log-likelihood of the rejected response"}, &PairRow::z_l},
    {{"z_w_ref", "z_w,ref", "nat", "z_w of the reference model"}, &PairRow::z_w_ref},
    {{"z_l_ref", "z_l,ref", "nat", "z_l of the reference model"}, &PairRow::z_l_ref},
    {{"d_w", "d_w", "", "incentive of the chosen response (Table 1)"}, &PairRow::d_w},
    {{"d_l", "d_l", "", "incentive of the rejected response (Table 1)"}, &PairRow::d_l},
    {{"tokens_w", "|y_w|", "", "ids of the chosen response"}, &PairRow::tokens_w},
    {{"tokens_l", "|y_l|", "", "ids of the rejected response"}, &PairRow::tokens_l},
    {{"z_w_after", "z_w", "nat", "z_w after the step's update; NaN without scores.after_update"}, &PairRow::z_w_after},
    {{"z_l_after", "z_l", "nat", "z_l after the step's update; NaN without scores.after_update"}, &PairRow::z_l_after},
    {{"step", "", "", "step that the pair was trained in"}, &PairRow::step},
};

/// One row of /probe.
struct ProbeRow {
  std::int64_t step = 0;
  double z_w = 0, z_l = 0, margin = 0, accuracy = 0;
};

/// One row of /evaluation: a benchmark's number.
struct EvaluationRow {
  std::int64_t step = 0;
  std::string task, metric, filter;  ///< cut to 128, 32 and 128 bytes
  double value = 0;
  double error = std::numeric_limits<double>::quiet_NaN();  ///< standard error; NaN: none
  std::int64_t samples = 0;
};

/// One step of /layers, one value per layer name.
struct LayerRow {
  std::int64_t step = 0;
  std::vector<double> score_norm_w, score_norm_l, score_dot;
};

/// One row of /events. Kinds: "rc", "checkpoint", "alert", "non-finite", "stop", "resume", "pause", "learning-rate",
/// "momentum", "note".
struct EventRow {
  std::int64_t step = 0;
  double time = 0;   ///< seconds of training since the run's start
  std::string kind;  ///< cut to 32 bytes
  Message message;   ///< its text cut to 512 bytes (at a UTF-8 boundary)
};

/// /status
enum class RunState : int { waiting = 0, running = 1, paused = 2, done = 3, failed = 4, stopped = 5 };
std::string_view to_string(RunState state);

}  // namespace bandscope
