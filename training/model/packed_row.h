// SPDX-License-Identifier: Apache-2.0
// A micro-batch as one row of tokens without padding: [chosen, prompt, rejected] for each pair. Chosen and rejected both
// continue the prompt (their positions start at |prompt|) and do not see each other; pairs do not see each other. With the
// prompt in the middle, each response and its prompt are neighbours, and a view holds both.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

#include "training/data/pairs.h"
#include "training/model/live_rows.h"

namespace bandscope {

enum class Branches {
  both,      ///< prompt once, chosen before and rejected after it
  chosen,    ///< [prompt, chosen] only: a graph of its own
  rejected,
};

/// One response inside the packed row.
struct ResponseSpan {
  std::int64_t begin = 0;   ///< first of its rows in PackedRow::rows_w (or rows_l)
  std::int64_t length = 0;  ///< number of response ids
};

struct PackedRow {
  at::Tensor ids;        ///< [rows] int64; the last id of a response is a target only, never an input
  at::Tensor positions;  ///< [rows] int64
  std::vector<std::int64_t> pair_rows;  ///< rows of each pair, in order
  std::vector<std::int64_t> prompt_rows, chosen_rows;  ///< of each pair; the rest of its rows are rejected ones
  Branches branches = Branches::both;
  at::Tensor rows_w, rows_l;        ///< [T_w], [T_l] int64: row whose hidden state predicts each response id
  at::Tensor targets_w, targets_l;  ///< [T_w], [T_l] int64: the response ids
  std::vector<ResponseSpan> spans_w, spans_l;  ///< per pair; empty for the branch that is left out
  std::int64_t tokens = 0;  ///< ids of prompts and responses

  std::int64_t rows() const { return ids.size(0); }
};

PackedRow pack(std::span<const TokenPair* const> pairs, Branches branches, at::Device device);

/// One value per pair spread over its rows: [rows, 1] in `type`.
at::Tensor spread_over_rows(const PackedRow& row, std::span<const double> per_pair, at::ScalarType type);

/// Rows of each pair's chosen (or rejected) response and its prompt; `row` holds both branches.
LiveRows branch_rows(const PackedRow& row, bool chosen);

/// Additive attention mask of one pair, [n, n] in `type`: 0 where a row may look, -inf elsewhere. `window` as in
/// ModelConfig::windows. Undefined tensor when plain causal attention over the pair's rows does the same.
at::Tensor attention_mask(const PackedRow& row, std::size_t pair, std::int64_t window, at::ScalarType type);

}  // namespace bandscope
