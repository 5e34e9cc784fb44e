// SPDX-License-Identifier: Apache-2.0
// A micro-batch as one row of tokens without padding. Chosen and rejected both continue the prompt (their positions
// start at |prompt|) and do not see each other; pairs do not see each other.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

#include "training/data/pairs.h"

namespace bandscope::model {

enum class Branches {
  both,    ///< [prompt, chosen, rejected] for each pair: the prompt once
  apart,   ///< [all prompts, all chosen | all rejected, all prompts again]: a gradient of its own for each branch
  chosen,  ///< [prompt, chosen] for each pair
  rejected,
};

/// One response inside the packed row.
struct ResponseSpan {
  std::int64_t begin = 0;   ///< first of its rows in PackedRow::rows_w (or rows_l)
  std::int64_t length = 0;  ///< number of response ids
};

/// Rows [begin, end) of a packed row.
struct PackedRange {
  std::int64_t begin = 0, end = 0;
};

/// Rows that attend to one another: of one pair, and of one branch where the branches are apart. The sequence is the
/// prompt, then the rows of the responses that continue it.
struct Segment {
  std::vector<PackedRange> ranges;  ///< where the sequence lies in the row
  std::int64_t prompt = 0;          ///< rows of the prompt
  std::int64_t chosen = 0;          ///< rows of the chosen response after it; the rest are the rejected one's
  std::int64_t rows() const;
};

/// In a packed row, rows [to, to + count) repeat rows [from, from + count), with the same values in every layer; they
/// are the last ones.
struct PackedCopies {
  std::int64_t from = 0, to = 0, count = 0;
};

struct PackedRow {
  at::Tensor ids;        ///< [rows] int64; the last id of a response is a target only, never an input
  at::Tensor positions;  ///< [rows] int64
  std::vector<Segment> segments;
  std::vector<PackedRange> pairs;  ///< rows of each, where pairs lie one after another
  PackedCopies copies;
  /// Rows before it belong to the chosen branch, the others to the rejected one; 0: no such split.
  std::int64_t split = 0;
  at::Tensor rows_w, rows_l;                   ///< [T_w], [T_l] int64: row whose hidden state predicts each response id
  at::Tensor targets_w, targets_l;             ///< [T_w], [T_l] int64: the response ids
  std::vector<ResponseSpan> spans_w, spans_l;  ///< per pair; empty for the branch that is left out
  std::int64_t tokens = 0;                     ///< ids of prompts and responses
  /// Of every row, pair in the row << 32 | its number in [prompt, chosen, rejected] of the pair: the same in every
  /// layout.
  std::vector<std::int64_t> place;
  /// `place` as a tensor beside `ids`, pairs counted from `first_pair`.
  at::Tensor places(std::int64_t first_pair) const;

  std::int64_t rows() const { return ids.size(0); }
};

PackedRow pack(std::span<const data::TokenPair* const> pairs, Branches branches, at::Device device);

/// Additive attention mask of one segment, [n, n] in `type` on `device`: 0 where a row may look, -inf elsewhere.
/// `window` as in ModelConfig::windows. Undefined tensor when plain causal attention over the segment's rows does the
/// same.
at::Tensor attention_mask(const Segment& segment, std::int64_t window, at::ScalarType type, at::Device device);

}  // namespace bandscope::model
