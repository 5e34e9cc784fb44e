// SPDX-License-Identifier: Apache-2.0
#include "core/record/tracked_history.h"

#include <array>

namespace bandscope::record {

std::string plain_key(const std::string& tracked) {
  // What `export --format tensorboard` calls held-out quantities.
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> probe = {
      {{"probe/z_w", "eval_logps/chosen"},
       {"probe/z_l", "eval_logps/rejected"},
       {"probe/accuracy", "eval_rewards/accuracies"}}};
  for (const auto& [ours, key] : probe)
    if (tracked == ours) return std::string(key);
  for (const std::string_view prefix : {"train/", "steps/"})
    if (tracked.starts_with(prefix)) return tracked.substr(prefix.size());
  if (tracked.starts_with("eval/")) return "eval_" + tracked.substr(5);
  return tracked;
}

bool is_read(const std::string& key) { return is_quantity(key) || is_total(key) || key.starts_with("eval_"); }

void TrackedHistory::put(const std::string& key, const nlohmann::json& value) {
  if (is_read(key))
    row_[key] = value;
  else
    unknown_.insert(key);
}

void TrackedHistory::end_row(std::int64_t step) {
  // An epoch alone says nothing: the Trainer logs it with everything.
  const bool empty = row_.empty() || (row_.size() == 1 && row_.contains("epoch"));
  if (!empty) {
    row_["step"] = step;
    entries_.push_back(std::move(row_));
  }
  row_ = nlohmann::json::object();
}

ImportedLog TrackedHistory::import(const std::string& origin) const {
  ImportedLog log = import_history(entries_, origin);
  log.unknown.insert(unknown_.begin(), unknown_.end());
  return log;
}

}  // namespace bandscope::record
