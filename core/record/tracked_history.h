// SPDX-License-Identifier: Apache-2.0
// What the importers of experiment trackers share: rows under the names of a tracker become entries like those of a
// trainer state's log_history. Only what stands for a quantity is kept, so that a log of thousands of other columns
// costs no memory. For the sources of core/record.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/record/import_log.h"

namespace bandscope::record {

/// Names of the step, the better one first: the trainer's own count, then what trackers count.
inline constexpr std::string_view step_names[] = {"global_step", "step", "Step", "_step"};

/// A key of log_history for the name that trackers have for it: "train/loss" is "loss", "eval/loss" "eval_loss".
std::string plain_key(const std::string& tracked);
/// True for a key that an import reads: a quantity, one of an evaluation, a total of the run.
bool is_read(const std::string& key);
/// True for those, and for what a row may say beside them: OpenRLHF's names.
bool is_kept(const std::string& key);

class TrackedHistory {
 public:
  /// A value of this row under its plain key; kept apart where the key is not read.
  void put(const std::string& key, const nlohmann::json& value);
  /// The row is whole; one that says nothing is left out. `line`: of the file; 0 where it has none.
  void end_row(std::int64_t step, std::size_t line = 0);
  /// The row is of no step.
  void drop_row() { row_ = nlohmann::json::object(); }
  /// True where no row has said anything.
  bool empty() const { return entries_.empty(); }
  /// True where there are more rows than a log may have.
  bool too_long() const { return entries_.size() > 2 * kMostSteps; }
  ImportedLog import(const std::string& origin) const;

 private:
  /// Gives a row of OpenRLHF's the Trainer's names.
  void take_open_rlhf();

  nlohmann::json row_ = nlohmann::json::object();
  nlohmann::json entries_ = nlohmann::json::array();
  std::vector<std::size_t> lines_;  ///< of entries_
  std::set<std::string> unknown_;
  bool micro_batches_ = false;  ///< rewards are those of a step's last micro-batch
};

}  // namespace bandscope::record
