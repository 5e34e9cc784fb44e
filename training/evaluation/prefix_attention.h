// SPDX-License-Identifier: Apache-2.0
// Attention of rows that continue a prefix whose keys and values are kept: to the prefix and to each other, computed
// apart and put together by their normalisers, so that the prefix's part is one product for all rows.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "training/model/config.h"
#include "training/model/functions.h"

namespace bandscope::evaluation {

/// An attention's output and the logarithm of its normaliser.
struct Attended {
  at::Tensor out;         ///< [rows, heads, d]
  at::Tensor normaliser;  ///< [rows, heads] float32; -inf where a row sees nothing
};

/// How a model turns products of queries and keys into scores; a cap of 0 is none.
model::CappedScores score_rule(const model::ModelConfig& config);
/// `products` in float32, which it changes.
at::Tensor scores_of(at::Tensor products, const model::CappedScores& rule);

/// q [rows, heads, d] to k, v [keys, kv_heads, d]. `mask` [rows, keys] is added (undefined: every row sees every key);
/// with `causal` row i sees the keys up to i.
Attended attend(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& mask, bool causal,
                const model::CappedScores& rule);
/// Both together.
at::Tensor merged(const Attended& a, const Attended& b);

/// Rows [begin, end) of a row of tokens that see each other: all before them (no mask), or what the mask says.
struct Piece {
  std::int64_t begin = 0, end = 0;
  std::vector<std::int64_t> parents;  ///< of each of its tokens the one before it, from the piece's begin; -1: the
                                      ///< prefix. Empty: a chain
  bool chain() const { return parents.empty(); }
};

/// [n, n]: 0 where a token is seen by the other (itself and those before it on its way), -inf elsewhere. `window` 0:
/// no limit; else the tokens whose positions are less than that apart.
at::Tensor tree_mask(const Piece& piece, const std::vector<std::int64_t>& positions, std::int64_t window,
                     at::Device device);

}  // namespace bandscope::evaluation
