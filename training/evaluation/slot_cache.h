// SPDX-License-Identifier: Apache-2.0
// Keys and values of several texts that grow side by side, each behind the same prefix.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "training/evaluation/prefix_attention.h"
#include "training/model/decoder.h"

namespace bandscope::evaluation {

class SlotCache {
 public:
  SlotCache(const model::Decoder& decoder, std::int64_t slots);
  std::int64_t length(std::size_t slot) const { return lengths_[slot]; }
  /// Makes room for `tokens` in every slot.
  void reserve(std::int64_t tokens);
  /// A text's first tokens: k, v [tokens, kv_heads, d] of a block.
  void put(std::size_t block, std::size_t slot, const at::Tensor& k, const at::Tensor& v);
  void set_length(std::size_t slot, std::int64_t length) { lengths_[slot] = length; }
  /// Attention of one new token of each of the first slots, q, k, v [slots, heads, d], to its own text (itself
  /// included), with the new keys and values kept. `prefix` is what stands before every text.
  Attended step(std::size_t block, const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, std::int64_t prefix,
                std::int64_t window);
  /// Slot `from` moves to `to`.
  void move(std::size_t from, std::size_t to);

 private:
  model::CappedScores rule_;
  std::vector<at::Tensor> keys_, values_;  ///< [slots, kv_heads, capacity, d] of each block
  std::vector<std::int64_t> lengths_;
};

}  // namespace bandscope::evaluation
