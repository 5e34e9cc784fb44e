// SPDX-License-Identifier: Apache-2.0
#include "training/data/pair_overlap.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace bandscope::data {
namespace {

constexpr std::size_t kPerStop = 4096;

/// Parts hashed one by one, so that text moved from one part to the next is other content.
std::uint64_t mixed(std::uint64_t so_far, std::string_view part) {
  const std::uint64_t own = std::hash<std::string_view>()(part);
  return so_far ^ (own + 0x9e3779b97f4a7c15ULL + (so_far << 12) + (so_far >> 4));
}

std::string_view bytes_of(const std::vector<text::TokenId>& ids) {
  return {reinterpret_cast<const char*>(ids.data()), ids.size() * sizeof(text::TokenId)};
}

/// A response with its prompt.
std::uint64_t response_content(const TokenPair& pair, bool chosen) {
  TokenPair one;
  (chosen ? one.prompt : one.rejected_prompt) = pair.prompt_of(chosen);
  (chosen ? one.chosen : one.rejected) = chosen ? pair.chosen : pair.rejected;
  return content_of(one);
}

std::vector<std::uint64_t> contents_of(const PairSet& set, bool by_row) {
  std::vector<std::uint64_t> contents;
  contents.reserve(set.pairs.size());
  if (!by_row) {
    for (const TokenPair& pair : set.pairs) contents.push_back(content_of(pair));
    return contents;
  }
  // Of rows of one response the rarer kind goes round: each is taken once.
  const auto count = static_cast<std::int64_t>(set.pairs.size());
  const std::int64_t chosen = set.unpaired() ? set.desirable : count,
                     rejected = set.unpaired() ? set.undesirable : count;
  for (std::int64_t i = 0; i < count; ++i) {
    const TokenPair& pair = set.pairs[static_cast<std::size_t>(i)];
    if (i < chosen) contents.push_back(response_content(pair, true));
    if (i < rejected) contents.push_back(response_content(pair, false));
  }
  return contents;
}

}  // namespace

std::uint64_t content_of(const PairText& pair) {
  return mixed(mixed(mixed(mixed(0, pair.prompt), pair.chosen), pair.rejected), pair.rejected_prompt);
}

std::uint64_t content_of(const TokenPair& pair) {
  return mixed(mixed(mixed(mixed(0, bytes_of(pair.prompt)), bytes_of(pair.chosen)), bytes_of(pair.rejected)),
               bytes_of(pair.rejected_prompt));
}

PairOverlap overlap_of(std::span<const std::uint64_t> train, std::span<const std::uint64_t> probe,
                       const std::function<bool()>& stop) {
  PairOverlap overlap{0, static_cast<std::int64_t>(probe.size()), false};
  std::vector<std::uint64_t> known(train.begin(), train.end());
  std::sort(known.begin(), known.end());
  for (std::size_t i = 0; i < probe.size(); ++i) {
    if (i % kPerStop == 0 && stop && stop()) return {0, overlap.probe, false};
    overlap.shared += std::binary_search(known.begin(), known.end(), probe[i]) ? 1 : 0;
  }
  return overlap;
}

PairOverlap overlap_of(const PairSet& train, const PairSet& probe) {
  const bool by_row = train.unpaired() || probe.unpaired();
  PairOverlap overlap = overlap_of(contents_of(train, by_row), contents_of(probe, by_row));
  overlap.rows = by_row;
  return overlap;
}

Message overlap_message(const PairOverlap& overlap) {
  if (overlap.shared == 0) return {};
  if (overlap.rows)
    return overlap.shared == 1
               ? Message::tr("1 of the %1 probe responses is also trained on: held-out figures would flatter",
                             overlap.probe)
               : Message::tr("%1 of the %2 probe responses are also trained on: held-out figures would flatter",
                             overlap.shared, overlap.probe);
  if (overlap.shared == 1)
    return Message::tr("1 of the %1 probe pairs is also a training pair: held-out figures would flatter",
                       overlap.probe);
  return Message::tr("%1 of the %2 probe pairs are also training pairs: held-out figures would flatter", overlap.shared,
                     overlap.probe);
}

}  // namespace bandscope::data
