// SPDX-License-Identifier: Apache-2.0
// What a run will take before it is started: parameters, memory per device, tokens, time.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/message/message.h"
#include "core/spec/run_spec.h"
#include "training/memory/memory.h"

namespace bandscope::plan {

struct RunPlan {
  std::string name, model, device;
  std::int64_t parameters = 0, trainable = 0;
  memory::MemoryPlan memory;     ///< per device
  std::int64_t pass_tokens = 0;  ///< most ids of a pass that pairs share; 0: none is shared
  std::int64_t recomputed_blocks = 0;
  double tokens_per_step = 0;
  std::int64_t steps = 0;
  /// Not set where nothing was measured.
  std::optional<double> seconds_per_step, seconds_total, reference_seconds;
  int processes = 1;
  std::vector<Message> notes;  ///< what was assumed or left out, a sentence each
};

struct PlanOptions {
  bool warm_up = true;
  double warm_up_seconds = 15.0;  ///< per run that differs in what takes time
  int processes = 1;              ///< that share each run
  std::function<void(const Message&)> progress = [](const Message&) {};
  std::function<bool()> cancelled = [] { return false; };
};

/// One plan per run, in order. Throws SpecError and DataError as the runs would. `seconds_total` holds the steps, the
/// reference values and the probe; over several processes the steps are taken to share the work evenly.
std::vector<RunPlan> plan_runs(const std::vector<RunSpec>& specs, const PlanOptions& options);

/// One JSON object without a line break.
std::string to_json_line(const RunPlan& plan);
/// A table of all plans for people, with its notes.
std::string to_table(const std::vector<RunPlan>& plans);

}  // namespace bandscope::plan
