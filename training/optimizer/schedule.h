// SPDX-License-Identifier: Apache-2.0
// Learning-rate schedules.
#pragma once

#include <cstdint>

#include "core/spec/run_spec.h"

namespace bandscope::optimizer {

/// Learning rate of optimizer step `step` (from 1) of `total`: linear warm-up over ceil(warmup_ratio total) steps, then
/// constant, linear to 0 or half a cosine to 0, as transformers' schedulers have it.
double learning_rate_at(const RunSpec::Optimizer& spec, std::int64_t step, std::int64_t total);

}  // namespace bandscope::optimizer
