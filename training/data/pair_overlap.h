// SPDX-License-Identifier: Apache-2.0
// Pairs that two data sets have in common, by what they say: held-out figures of pairs that were trained on flatter.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "training/data/pairs.h"

namespace bandscope::data {

/// A number for a pair's content (prompt, chosen and rejected), equal for equal content. 64 bits: of 100,000 pairs two
/// different ones have the same number once in four billion data sets. It holds within one process.
std::uint64_t content_of(const PairText& pair);
/// The same for ids, as cut; comparable with other ids only.
std::uint64_t content_of(const TokenPair& pair);

struct PairOverlap {
  std::int64_t shared = 0;  ///< probe pairs that are training pairs too
  std::int64_t probe = 0;   ///< probe pairs in all
  bool rows = false;        ///< rows of one response were compared, not pairs
  bool operator==(const PairOverlap&) const = default;
};

/// n log n in the training pairs; nothing shared when `stop` says so in between.
PairOverlap overlap_of(std::span<const std::uint64_t> train, std::span<const std::uint64_t> probe,
                       const std::function<bool()>& stop = {});
/// Where one of the two is of rows of one response, each response is compared by itself, with its prompt.
PairOverlap overlap_of(const PairSet& train, const PairSet& probe);

/// That held-out pairs are trained on; empty when there are none.
Message overlap_message(const PairOverlap& overlap);

}  // namespace bandscope::data
