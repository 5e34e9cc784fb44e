// SPDX-License-Identifier: Apache-2.0
// How many ids a pair has, part by part.
#pragma once

#include <cstdint>

#include "training/data/pairs.h"

namespace bandscope::data {

/// Ids of one pair.
struct PairLengths {
  std::int64_t prompt = 0, chosen = 0, rejected = 0;
  std::int64_t rejected_prompt = 0;  ///< of a rejected response that answers another prompt
  /// Rows of prompts beside the first.
  std::int64_t second_prompt(bool apart) const { return rejected_prompt > 0 ? rejected_prompt : apart ? prompt : 0; }
  /// Of the packed row: the last id of a response is a target only. `apart`: the prompt is there for each branch.
  std::int64_t rows(bool apart) const { return prompt + second_prompt(apart) + chosen + rejected - 2; }
  std::int64_t tokens() const { return prompt + rejected_prompt + chosen + rejected; }
  std::int64_t scored() const { return chosen + rejected; }
};

inline PairLengths lengths_of(const TokenPair& pair) {
  return {static_cast<std::int64_t>(pair.prompt.size()), static_cast<std::int64_t>(pair.chosen.size()),
          static_cast<std::int64_t>(pair.rejected.size()), static_cast<std::int64_t>(pair.rejected_prompt.size())};
}

}  // namespace bandscope::data
