// SPDX-License-Identifier: Apache-2.0
// Which pairs each step sees.
#pragma once

#include <cstdint>
#include <vector>

#include "core/spec/run_spec.h"

namespace bandscope::trainer {

/// Optimizer steps of a run over `pairs` pairs: `steps`, or floor(epochs pairs / batch_size), at least 1.
std::int64_t total_steps(const RunSpec::Training& training, std::int64_t pairs);

/// Which pair is seen when, worked out an epoch at a time: a run may be meant to go on until it is stopped. Data wraps
/// round at the end of an epoch; with `shuffle` each epoch has its own permutation, drawn from seed and epoch alone, so
/// that a resumed run sees the same.
class SampleOrder {
 public:
  SampleOrder() = default;
  /// `pairs` > 0.
  SampleOrder(std::int64_t pairs, bool shuffle, std::uint64_t seed) : pairs_(pairs), shuffle_(shuffle), seed_(seed) {}
  /// Indices into the pairs for `count` places from `begin` on; a step takes batch_size places.
  std::vector<std::int64_t> range(std::int64_t begin, std::int64_t count) const;

 private:
  std::int64_t pairs_ = 0;
  bool shuffle_ = false;
  std::uint64_t seed_ = 0;
  mutable std::int64_t epoch_ = -1;  ///< whose permutation is kept
  mutable std::vector<std::int64_t> permuted_;
};

}  // namespace bandscope::trainer
