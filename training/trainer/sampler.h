// SPDX-License-Identifier: Apache-2.0
// Which pairs each step sees.
#pragma once

#include <cstdint>
#include <vector>

#include "core/spec/run_spec.h"

namespace bandscope {

/// Optimizer steps of a run over `pairs` pairs: `steps`, or floor(epochs pairs / batch_size), at least 1.
std::int64_t total_steps(const RunSpec::Training& training, std::int64_t pairs);

/// Indices into the pairs for every step in order (steps x batch_size). Data wraps round at the end of an epoch; with
/// `shuffle` each epoch has its own permutation, drawn from seed and epoch alone, so that a resumed run sees the same.
std::vector<std::int64_t> sample_order(std::int64_t pairs, std::int64_t steps, std::int64_t batch_size, bool shuffle,
                                       std::uint64_t seed);

}  // namespace bandscope
