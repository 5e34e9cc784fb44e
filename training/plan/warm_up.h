// SPDX-License-Identifier: Apache-2.0
// How fast a run's steps are here, from a few real ones that leave nothing behind: no run folder, no record, no cache
// entry.
#pragma once

#include <functional>
#include <string>

#include "core/spec/run_spec.h"

namespace bandscope::plan {

struct WarmUp {
  double seconds_per_token = 0;  ///< of a step: forward, head, backward, and what each micro-batch adds
  double seconds_fixed = 0;      ///< of a step: what comes once, such as norms and the optimizer's update
  double forward_per_token = 0;  ///< of a forward pass alone: reference values and probe
  std::int64_t steps = 0;        ///< measured
  std::int64_t pairs = 0;        ///< of each of them
};

/// Runs steps of a few pairs on `spec`'s data and model until about `budget` seconds are over, at least
/// one after a first that is not counted. Throws SpecError and DataError as a run would.
WarmUp measure_warm_up(const RunSpec& spec, double budget, const std::function<bool()>& cancelled);

}  // namespace bandscope::plan
