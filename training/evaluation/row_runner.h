// SPDX-License-Identifier: Apache-2.0
// Passes rows of tokens through a decoder behind a prefix whose keys and values are kept.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "training/evaluation/language_model.h"
#include "training/evaluation/prefix_attention.h"

namespace bandscope::evaluation {

/// Keys and values of one path of tokens, in every block; grows as it is written to.
class PathCache {
 public:
  explicit PathCache(const model::Decoder& decoder);
  std::int64_t length() const { return length_; }
  /// Forgets what comes after the first `length` tokens.
  void truncate(std::int64_t length) { length_ = length; }
  /// The first `length` keys and values of a block, [length, kv_heads, d].
  at::Tensor keys(std::size_t block, std::int64_t length) const { return keys_[block].slice(0, 0, length); }
  at::Tensor values(std::size_t block, std::int64_t length) const { return values_[block].slice(0, 0, length); }
  void write(std::size_t block, std::int64_t at, const at::Tensor& k, const at::Tensor& v);
  void set_length(std::int64_t length) { length_ = length; }
  /// Bytes that a token takes in all blocks.
  static std::int64_t bytes_per_token(const model::Decoder& decoder);

 private:
  std::vector<at::Tensor> keys_, values_;
  std::int64_t length_ = 0;
};

/// Tokens that all continue one prefix.
struct TokenRow {
  std::vector<std::int64_t> ids, positions;
  std::vector<Piece> pieces;  ///< cover the row, in order
  std::int64_t size() const { return static_cast<std::int64_t>(ids.size()); }
};

/// Called in every block with the row's own keys and values.
using KeepKeys = std::function<void(std::size_t block, const at::Tensor& k, const at::Tensor& v)>;

/// Final hidden states [rows, hidden] of a row behind the first `prefix` tokens of `path`. Without gradients.
at::Tensor run_row(const LanguageModel& model, const PathCache& path, std::int64_t prefix, const TokenRow& row,
                   const KeepKeys& keep = nullptr);
/// The same for a chain of tokens, which the path is made longer by.
at::Tensor extend_path(const LanguageModel& model, PathCache& path, std::span<const text::TokenId> ids);

/// Attention of `q` to the first `prefix` tokens of a path, seen from `positions`; `own`: what the rows see of
/// themselves.
at::Tensor with_prefix(const Attended& own, const at::Tensor& q, const PathCache& path, std::size_t block,
                       std::int64_t prefix, std::int64_t window, const std::vector<std::int64_t>& positions,
                       const model::CappedScores& rule);

/// Logits of states, [rows, vocab] in float32.
at::Tensor logits_of(const LanguageModel& model, const at::Tensor& states);

at::Tensor id_tensor(const std::vector<std::int64_t>& values, at::Device device);

}  // namespace bandscope::evaluation
