// SPDX-License-Identifier: Apache-2.0
// One run from its spec to its record.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "core/record/columns.h"
#include "core/spec/run_spec.h"
#include "training/control/commands.h"

namespace bandscope::parallel {
class Group;
}

namespace bandscope::trainer {

/// What there is to say while a run goes on; printing it is the program's affair.
struct Progress {
  std::string run;
  std::string phase;  ///< "probe reference" | "reference" | "training"
  std::int64_t done = 0, total = 0;
  double seconds_left = 0;       ///< NaN while unknown
  const StepRow* row = nullptr;  ///< the step just finished; nullptr in other phases
};

struct RunOptions {
  std::filesystem::path runs_folder = "runs";
  std::function<void(const Progress&)> progress = [](const Progress&) {};
  /// Called once before the run's folder is touched: from then on a stop is to be asked for through stop_requested(),
  /// since there is something to save. Before, nothing is lost when the process ends where it is.
  std::function<void()> began = [] {};
  /// Asked between steps and micro-batches of the preparation: true ends the run with a checkpoint.
  std::function<bool()> stop_requested = [] { return false; };
  bool profile = false;  ///< time per part of a step goes into RunResult::profile
  /// The processes that share the run; nullptr for a process alone. Only rank 0 writes; the others' results say how it
  /// went.
  parallel::Group* group = nullptr;
};

struct RunResult {
  std::string name;
  std::filesystem::path record;  ///< empty where there is none (any more)
  RunState state = RunState::done;
  std::int64_t steps = 0;
  double seconds = 0;   ///< of training
  Message reason;       ///< of a failure
  std::string profile;  ///< several lines, with RunOptions::profile
};

/// Throws SpecError or DataError before anything is trained; a failure while training is RunState::failed with its
/// reason in the result and in the record.
RunResult run_training(const RunSpec& spec, const RunOptions& options);

}  // namespace bandscope::trainer
