// SPDX-License-Identifier: Apache-2.0
// Pairs of random ids for the tiny golden models.
#pragma once

#include <cstdint>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "training/data/pairs.h"

namespace bandscope::testing {

inline std::filesystem::path golden_model(const std::string& model) {
  return std::string(BANDSCOPE_SOURCE "/tests/fixtures/golden/models/") + model;
}

/// Prompts longer and shorter than the window of tiny-mistral (48).
inline std::vector<data::TokenPair> random_pairs(int count, unsigned seed) {
  std::mt19937 random(seed);
  const auto ids = [&](std::uint32_t least, std::uint32_t most) {
    std::vector<text::TokenId> result(least + random() % (most - least + 1));
    for (text::TokenId& id : result) id = static_cast<text::TokenId>(random() % 640);
    return result;
  };
  std::vector<data::TokenPair> pairs;
  for (int i = 0; i < count; ++i) pairs.push_back({i, ids(5, 70), ids(1, 25), ids(1, 25)});
  return pairs;
}

}  // namespace bandscope::testing
