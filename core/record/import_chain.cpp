// SPDX-License-Identifier: Apache-2.0
// margin_chain.jsonl of the paper's published code: one JSON object per line, with a step and the quantities of the
// decomposition. Names differ between versions and forks, so each quantity is known by several.
#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <sstream>
#include <string_view>

#include "core/error.h"
#include "core/record/import_log.h"

namespace bandscope::record {

namespace {

enum class Scale { linear, logarithm };  ///< logarithm: the log holds r, the record log r

struct Quantity {
  Column column;
  Scale scale;
  std::vector<std::string_view> names;
};

const std::vector<Quantity>& quantities() {
  using enum Scale;
  static const std::vector<Quantity> all = {
      {Column::epoch, linear, {"epoch"}},
      {Column::time, linear, {"time", "elapsed", "wall_time"}},
      {Column::seconds, linear, {"seconds", "step_time"}},
      {Column::tokens, linear, {"tokens", "num_tokens"}},
      {Column::learning_rate, linear, {"learning_rate", "lr"}},
      {Column::loss, linear, {"loss", "train_loss"}},
      {Column::z_w,
       linear,
       {"z_w", "zw", "logp_w", "logps_w", "chosen_logp", "chosen_logps", "logp_chosen", "logps_chosen", "logps/chosen",
        "policy_chosen_logps", "chosen_mean_logp", "z_w_mean"}},
      {Column::z_l,
       linear,
       {"z_l", "zl", "logp_l", "logps_l", "rejected_logp", "rejected_logps", "logp_rejected", "logps_rejected",
        "logps/rejected", "policy_rejected_logps", "rejected_mean_logp", "z_l_mean"}},
      {Column::z_w_ref,
       linear,
       {"z_w_ref", "zw_ref", "ref_z_w", "ref_zw", "ref_chosen_logp", "ref_chosen_logps", "reference_chosen_logps"}},
      {Column::z_l_ref,
       linear,
       {"z_l_ref", "zl_ref", "ref_z_l", "ref_zl", "ref_rejected_logp", "ref_rejected_logps",
        "reference_rejected_logps"}},
      {Column::margin, linear, {"margin", "z_margin", "logp_margin"}},
      {Column::effective_margin, linear, {"effective_margin", "reward_margin", "rewards_margin", "rewards/margins"}},
      {Column::accuracy, linear, {"accuracy", "acc", "reward_accuracy", "rewards/accuracies"}},
      {Column::d_w, linear, {"d_w", "dw", "incentive_w", "dw_mean", "d_w_mean"}},
      {Column::d_l, linear, {"d_l", "dl", "incentive_l", "dl_mean", "d_l_mean"}},
      {Column::score_norm_w,
       linear,
       {"score_norm_w", "s_w_norm", "sw_norm", "norm_s_w", "norm_sw", "norm_w", "score_w_norm"}},
      {Column::score_norm_l,
       linear,
       {"score_norm_l", "s_l_norm", "sl_norm", "norm_s_l", "norm_sl", "norm_l", "score_l_norm"}},
      {Column::score_dot, linear, {"score_dot", "dot", "s_dot", "sw_dot_sl", "inner_product"}},
      {Column::rho, linear, {"rho", "cos", "cosine", "cos_sim", "cosine_similarity"}},
      {Column::log_r, linear, {"log_r", "logr", "log_ratio"}},
      {Column::log_r, logarithm, {"r", "ratio"}},
      {Column::log_r_star, linear, {"log_r_star", "logr_star", "log_rstar", "log_r*"}},
      {Column::log_r_star, logarithm, {"r_star", "rstar", "r*"}},
      {Column::log_r_applied, linear, {"log_r_applied", "log_r_calibrated", "log_r_rc"}},
      {Column::band_lower, linear, {"band_lower", "log_lower", "db_lower", "log_r_lower", "lower"}},
      {Column::band_upper, linear, {"band_upper", "log_upper", "db_upper", "log_r_upper", "upper"}},
      {Column::slack, linear, {"slack"}},
      {Column::ema_log_r, linear, {"ema_log_r", "log_r_ema"}},
      {Column::ema_log_r_star, linear, {"ema_log_r_star", "log_r_star_ema"}},
      {Column::alpha, linear, {"alpha", "rc_alpha"}},
      {Column::grad_norm, linear, {"grad_norm"}},
      {Column::memory, linear, {"memory", "peak_memory"}},
  };
  return all;
}

const Quantity* quantity_of(std::string_view name) {
  for (const auto& quantity : quantities())
    if (std::ranges::find(quantity.names, name) != quantity.names.end()) return &quantity;
  return nullptr;
}

/// Values of the lines of one step, averaged: the log may have a line per micro-batch.
struct StepSums {
  StepRow sums;
  std::array<int, column_count> counts{};

  void add(Column column, double value) {
    if (std::isnan(value)) return;
    const auto i = static_cast<std::size_t>(column);
    sums.values[i] = counts[i]++ == 0 ? value : sums.values[i] + value;
  }
  StepRow mean() const {
    StepRow row = sums;
    for (std::size_t i = 0; i < column_count; ++i)
      if (counts[i] > 1) row.values[i] /= counts[i];
    return row;
  }
};

}  // namespace

ImportedLog import_margin_chain(const std::string& text, const std::string& origin) {
  ImportedLog log;
  log.kind = "a margin chain";
  std::istringstream lines(text);
  std::string line;
  StepSums current;
  bool any = false, several = false;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const std::string where = origin + ", line " + std::to_string(number);
    nlohmann::json entry;
    try {
      entry = parse_python_json(line);
    } catch (const nlohmann::json::parse_error&) {
      throw DataError(where + " is not valid JSON; one object per line is needed");
    }
    if (!entry.is_object()) throw DataError(where + " is of type " + entry.type_name() + "; an object is needed");
    const char* step_key = nullptr;
    for (const char* key : {"step", "global_step", "iteration", "iter"})
      if (step_key == nullptr && entry.contains(key)) step_key = key;
    if (step_key == nullptr) throw DataError(where + " has no step");
    const std::int64_t step = step_of(entry[step_key], step_key, where);
    if (any && step < current.sums.step)
      throw DataError(where + ": step " + std::to_string(step) + " comes after step " +
                      std::to_string(current.sums.step) + "; steps must not fall");
    if (any && step > current.sums.step) {
      log.steps.push_back(current.mean());
      current = {};
    } else if (any) {
      several = true;
    }
    current.sums.step = step;
    any = true;
    for (const auto& [key, value] : entry.items()) {
      if (key == step_key) continue;
      if (const auto* quantity = quantity_of(key)) {
        const double linear = number_of(value, key, where);
        current.add(quantity->column, quantity->scale == Scale::linear ? linear
                                      : linear > 0                     ? std::log(linear)
                                                                       : std::nan(""));
      } else {
        log.unknown.insert(key);
      }
    }
  }
  if (any) log.steps.push_back(current.mean());
  if (several) log.remark = "lines of the same step were averaged";
  return log;
}

}  // namespace bandscope::record
