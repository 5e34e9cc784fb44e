// SPDX-License-Identifier: Apache-2.0
// How long a run's pairs are, and in which passes they go through the model.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/spec/run_spec.h"
#include "training/data/pair_lengths.h"
#include "training/step/passes.h"

namespace bandscope::plan {

using data::PairLengths;

struct DataLengths {
  std::vector<PairLengths> sample;  ///< of the first pairs, at most `most_sampled`
  std::int64_t pairs = 0;           ///< usable pairs of the run's data
  bool estimated = false;           ///< `pairs` follows from the share of usable rows in the sample
  bool assumed = false;             ///< no tokenizer: one pair of the greatest length that the spec allows
};

inline constexpr std::int64_t most_sampled = 2000;

/// Reads the training data with the model's tokenizer, or counts its rows where the model has none. Throws DataError.
DataLengths read_lengths(const RunSpec& spec);
/// Steps of the run's first epochs, their pairs as the sampler draws them, as far as the sample reaches.
std::vector<std::vector<PairLengths>> steps(const RunSpec& spec, const DataLengths& data);
/// Their passes as `limits` form them.
std::vector<std::vector<PairLengths>> passes(std::span<const std::vector<PairLengths>> steps,
                                             const step::PassLimits& limits);

}  // namespace bandscope::plan
