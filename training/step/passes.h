// SPDX-License-Identifier: Apache-2.0
// Which pairs of a step go through the decoder together. Weights do not change within a step and what calibration keeps
// are scalars, so micro-batches of one pair can share a forward and a backward pass: each is calibrated for itself, in
// their order, and the numbers are those of one pass per pair. Reference values are computed in the same passes.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "training/data/pair_lengths.h"
#include "training/step/step_plan.h"

namespace bandscope::step {

struct PassLimits {
  std::int64_t micro_batch = 1;  ///< pairs of a pass where micro-batches do not share one
  bool shared = false;           ///< a pass takes as many micro-batches of one pair as the limits below allow
  std::int64_t tokens = 0;       ///< most ids of a shared pass
  /// A pair that scores more ids has a pass of its own.
  std::int64_t scored = std::numeric_limits<std::int64_t>::max();
  bool scored_together = false;  ///< the pairs of a shared pass must not score more ids together either
};

/// `vocabulary`: rows of the output projection.
/// With StepSettings::longest_tokens a pass is of so many of the longest pairs as fit.
PassLimits pass_limits(const StepSettings& settings, const StepPlan& plan, std::int64_t vocabulary);

/// Numbers of pairs of the passes that `pairs` go through, in their order; each at least one.
std::vector<std::size_t> passes(std::span<const data::PairLengths> pairs, const PassLimits& limits);
std::vector<std::size_t> passes(std::span<const data::TokenPair* const> pairs, const PassLimits& limits);

}  // namespace bandscope::step
