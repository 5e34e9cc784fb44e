// SPDX-License-Identifier: Apache-2.0
// Reference log-probabilities: computed once for (weights, tokenizer, rows, lengths, dtype, layout) and kept on disk,
// shared by all runs of a sweep. They are computed micro-batch by micro-batch in the run's own layout, so that before
// the first update policy and reference are the same numbers to the last bit.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "training/likelihood/head.h"
#include "training/model/decoder.h"

namespace bandscope::likelihood {

/// Log-probabilities of both responses of each pair, forward only, `pairs` as one packed row of the given layout
/// (Branches::both or apart). Changes no random state.
std::vector<TokenLogProbs> log_probs_of(model::Decoder& decoder, bool adapters,
                                        std::span<const data::TokenPair* const> pairs,
                                        model::Branches layout = model::Branches::both);

/// A lock on a file, given back when it goes.
class FileLock {
 public:
  explicit FileLock(int descriptor = -1) : descriptor_(descriptor) {}
  FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  int descriptor_;
};

/// A file of reference log-probabilities under `folder`, named by a hash of everything that they depend on.
class ReferenceCache {
 public:
  /// `key` describes what the numbers depend on; `folder` is made when needed.
  ReferenceCache(std::filesystem::path folder, const std::string& key);
  /// As many entries as `pairs`; nullopt when there is no file, or its checksum, types, lengths or values are not what
  /// store() writes.
  std::optional<std::vector<TokenLogProbs>> load(std::span<const data::TokenPair* const> pairs) const;
  /// Throws RunError.
  void store(std::span<const TokenLogProbs> values) const;
  /// Waits until no other process computes the same values: whoever comes second finds them on disk. `waiting` is asked
  /// every now and then and ends the wait when it says false. Where files cannot be locked there is no wait.
  FileLock lock(const std::function<bool()>& waiting) const;
  const std::filesystem::path& file() const { return file_; }

 private:
  std::filesystem::path file_;
};

}  // namespace bandscope::likelihood
