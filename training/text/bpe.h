// SPDX-License-Identifier: Apache-2.0
// Byte-pair encoding (tokenizer.json's model of type "BPE"): one word to ids.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "training/text/json_fields.h"

namespace bandscope::text {

/// Largest id that a vocabulary may use: larger ones would only cost memory.
inline constexpr std::int32_t kMostId = (1 << 22) - 1;

/// Vocabulary and merges. encode() may be called from several threads.
class Bpe {
 public:
  /// `byte_level`: words come as raw bytes and the vocabulary is written in GPT-2's alphabet.
  /// Throws DataError naming `where`, and what is unsupported (dropout, affixes) or inconsistent (merge or id).
  Bpe(const Json& model, bool byte_level, const std::string& where);

  /// Appends the ids of one word. Costs O(n log n) in its length.
  void encode(std::string_view word, std::vector<std::int32_t>& out) const;

  const std::unordered_map<std::string, std::int32_t>& vocabulary() const { return vocabulary_; }

 private:
  /// Rank of a merge and the id it makes, by the two ids merged: an open-addressing table, as this is the inner loop.
  class MergeTable {
   public:
    struct Entry {
      std::uint64_t pair = kNone;
      std::int32_t rank = 0, id = 0;
    };
    static constexpr std::uint64_t kNone = ~std::uint64_t{0};
    void reserve(std::size_t merges);
    void put(std::int32_t left, std::int32_t right, std::int32_t rank, std::int32_t id);
    const Entry* find(std::int32_t left, std::int32_t right) const;

   private:
    std::size_t slot(std::uint64_t pair) const;
    std::vector<Entry> entries_;
    std::size_t mask_ = 0;
  };

  /// Words repeat, so their ids are kept. Sharded to keep threads apart; a full shard starts over.
  struct CacheShard {
    std::mutex mutex;
    std::unordered_map<std::string, std::vector<std::int32_t>> ids;
  };

  void read_vocabulary(const JsonFields& fields);
  void read_merges(const Json& merges, const std::string& where);
  void characters(std::string_view word, std::vector<std::int32_t>& out) const;
  void merge(std::vector<std::int32_t>& ids) const;
  void encode_uncached(std::string_view word, std::vector<std::int32_t>& out) const;

  bool byte_level_;
  bool ignore_merges_ = false;
  bool byte_fallback_ = false;
  bool fuse_unknown_ = false;
  std::int32_t unknown_ = -1;
  std::array<std::int32_t, 256> byte_ids_{};  ///< of a byte alone: alphabet character, or <0xNN> for byte fallback
  std::unordered_map<std::string, std::int32_t> vocabulary_;
  MergeTable merges_;
  static constexpr std::size_t kShards = 16;
  mutable std::array<CacheShard, kShards> cache_;
};

}  // namespace bandscope::text
