// SPDX-License-Identifier: Apache-2.0
// TRL's trainer_state.json (DPOTrainer and its kin): `log_history` holds one object per logging step, one per
// evaluation (keys with eval_), and a last one with the totals of the run.
#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "core/error.h"
#include "core/record/import_log.h"

namespace bandscope::record {

namespace {

struct Name {
  std::string_view key;
  Column column;
};
/// logps/… are sums over the response's tokens, means over the batch; rewards/margins is beta times the margin relative
/// to the reference. The reference's own log-probabilities would need beta, which the file does not have.
constexpr std::array names = {
    Name{"loss", Column::loss},
    Name{"epoch", Column::epoch},
    Name{"learning_rate", Column::learning_rate},
    Name{"grad_norm", Column::grad_norm},
    Name{"logps/chosen", Column::z_w},
    Name{"logps/rejected", Column::z_l},
    Name{"ref_logps/chosen", Column::z_w_ref},
    Name{"ref_logps/rejected", Column::z_l_ref},
    Name{"rewards/margins", Column::effective_margin},
    Name{"rewards/accuracies", Column::accuracy},
};

void read_step(const nlohmann::json& entry, std::int64_t step, const std::string& where, ImportedLog& log,
               double& tokens_before) {
  // An entry that logs more about the step before, e.g. by a callback, goes into its row.
  if (log.steps.empty() || log.steps.back().step < step) {
    log.steps.emplace_back();
    log.steps.back().step = step;
  } else if (log.steps.back().step > step) {
    throw DataError(where + ": step " + std::to_string(step) + " comes after step " +
                    std::to_string(log.steps.back().step) + "; steps must rise");
  }
  StepRow& row = log.steps.back();
  for (const auto& [key, value] : entry.items()) {
    if (key == "step") continue;
    if (key == "num_tokens" || key == "num_input_tokens_seen") {
      const double tokens = number_of(value, key, where);
      row[Column::tokens] = tokens - tokens_before;
      tokens_before = tokens;
      continue;
    }
    const auto* name = std::ranges::find(names, key, &Name::key);
    if (name == names.end()) {
      log.unknown.insert(key);
    } else {
      row[name->column] = number_of(value, key, where);
    }
  }
}

void read_evaluation(const nlohmann::json& entry, std::int64_t step, const std::string& where, ImportedLog& log) {
  const auto value = [&](const char* key) {
    return entry.contains(key) ? number_of(entry[key], key, where) : std::numeric_limits<double>::quiet_NaN();
  };
  const double z_w = value("eval_logps/chosen"), z_l = value("eval_logps/rejected");
  log.probes.push_back({step, z_w, z_l, z_w - z_l, value("eval_rewards/accuracies")});
}

}  // namespace

ImportedLog import_trainer_state(const nlohmann::json& state, const std::string& origin) {
  ImportedLog log;
  log.kind = "TRL's trainer state";
  const auto& history = state["log_history"];
  if (!history.is_array())
    throw DataError(origin + ": log_history is of type " + history.type_name() + "; a list is needed");
  double tokens_before = 0;
  for (std::size_t i = 0; i < history.size(); ++i) {
    const auto& entry = history[i];
    const std::string where = origin + ", log_history entry " + std::to_string(i + 1);
    if (!entry.is_object()) throw DataError(where + " is of type " + entry.type_name() + "; an object is needed");
    if (!entry.contains("step")) throw DataError(where + " has no step");
    const std::int64_t step = step_of(entry["step"], "step", where);
    if (entry.contains("train_runtime")) {
      log.remark = "the whole run took " + entry["train_runtime"].dump() + " s";
    } else if (entry.contains("eval_loss") || entry.contains("eval_logps/chosen")) {
      read_evaluation(entry, step, where, log);
    } else {
      read_step(entry, step, where, log, tokens_before);
    }
  }
  const auto whole = [&](const char* key) {
    return state.contains(key) && state[key].is_number() ? state[key].get<double>() : 0.0;
  };
  if (whole("global_step") < whole("max_steps")) log.state = RunState::stopped;
  return log;
}

}  // namespace bandscope::record
