// SPDX-License-Identifier: Apache-2.0
// How long a run's pairs are, and in which micro-batches they come.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/spec/run_spec.h"

namespace bandscope::plan {

/// Ids of one pair.
struct PairLengths {
  std::int64_t prompt = 0, chosen = 0, rejected = 0;
  std::int64_t rejected_prompt = 0;  ///< of a rejected response that answers another prompt
  /// Rows of prompts beside the first.
  std::int64_t second_prompt(bool apart) const { return rejected_prompt > 0 ? rejected_prompt : apart ? prompt : 0; }
  /// Of the packed row: the last id of a response is a target only. `apart`: the prompt is there for each branch.
  std::int64_t rows(bool apart) const { return prompt + second_prompt(apart) + chosen + rejected - 2; }
  std::int64_t tokens() const { return prompt + rejected_prompt + chosen + rejected; }
};

struct DataLengths {
  std::vector<PairLengths> sample;  ///< of the first pairs, at most `most_sampled`
  std::int64_t pairs = 0;           ///< usable pairs of the run's data
  bool estimated = false;           ///< `pairs` follows from the share of usable rows in the sample
  bool assumed = false;             ///< no tokenizer: one pair of the greatest length that the spec allows
};

inline constexpr std::int64_t most_sampled = 2000;

/// Reads the training data with the model's tokenizer, or counts its rows where the model has none. Throws DataError.
DataLengths read_lengths(const RunSpec& spec);
/// Micro-batches of the run's first epochs as the sampler forms them, as far as the sample reaches.
std::vector<std::vector<PairLengths>> micro_batches(const RunSpec& spec, const DataLengths& data);

}  // namespace bandscope::plan
