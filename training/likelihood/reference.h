// SPDX-License-Identifier: Apache-2.0
// Reference log-probabilities: computed once for (weights, tokenizer, rows, lengths, dtype, layout) and kept on disk, shared
// by all runs of a sweep. They are computed micro-batch by micro-batch in the run's own layout, so that before the first
// update policy and reference are the same numbers to the last bit.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "training/likelihood/head.h"
#include "training/model/decoder.h"

namespace bandscope {

/// Log-probabilities of both responses of each pair, forward only, `pairs` as one packed row of the given layout
/// (Branches::both or apart). Changes no random state.
std::vector<TokenLogProbs> log_probs_of(Decoder& decoder, bool adapters, std::span<const TokenPair* const> pairs,
                                        Branches layout = Branches::both);

/// A file of reference log-probabilities under `folder`, named by a hash of everything that they depend on.
class ReferenceCache {
 public:
  /// `key` describes what the numbers depend on; `folder` is made when needed.
  ReferenceCache(std::filesystem::path folder, const std::string& key);
  /// As many entries as `pairs`, lengths checked; nullopt when there is no (whole, fitting) file.
  std::optional<std::vector<TokenLogProbs>> load(std::span<const TokenPair* const> pairs) const;
  /// Throws RunError.
  void store(std::span<const TokenLogProbs> values) const;
  const std::filesystem::path& file() const { return file_; }

 private:
  std::filesystem::path file_;
};

/// $XDG_CACHE_HOME/bandscope or ~/.cache/bandscope.
std::filesystem::path cache_folder();

}  // namespace bandscope
