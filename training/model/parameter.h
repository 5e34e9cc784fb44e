// SPDX-License-Identifier: Apache-2.0
// A parameter with several gradient accumulators, and where a backward pass sends its gradients. Parameter gradients
// are a side effect of this engine's own autograd functions: they add straight into the accumulator that the trainer
// has chosen (one matrix product with beta = 1, no temporary), which is how the chosen and the rejected branch are kept
// apart.
#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "training/model/kernels.h"
#include "training/model/packed_row.h"
#include "training/quant/quantized_weight.h"

namespace bandscope::model {

class PairScores;

/// Gradient accumulators. Each is float32 with the shape of the parameter.
enum class Slot : int {
  train,     ///< what the optimizer uses
  score_w,   ///< score s_w: gradient of the mean z_w
  score_l,   ///< score s_l
  branch_w,  ///< d_w-weighted sum of the pairs' chosen scores, before alpha
  branch_l,  ///< the same of the rejected ones with d_l
  mean_w,    ///< sum of score_w over the step's micro-batches
  mean_l,
  count
};

class Parameter {
 public:
  std::string name;  ///< as in safetensors
  at::Tensor value;  ///< float32 when trained, else in compute type; undefined when quantised
  std::unique_ptr<const quant::QuantizedWeight> quantized;  ///< a frozen matrix in 4 bits, in place of the value
  bool trained = false;
  bool scored = false;  ///< lies in the score scope as part of the blocks (the output projection is the head's affair)
  int layer = -1;       ///< -1: embedding; [0, L): block; L: final norm and output projection

  std::int64_t rows() const { return quantized ? quantized->rows() : value.size(0); }
  std::int64_t columns() const { return quantized ? quantized->columns() : value.size(1); }
  std::int64_t numel() const { return quantized ? rows() * columns() : value.numel(); }

  /// The value in compute type; the cast of a trained parameter is kept until value_changed(). A quantised one's is
  /// written out anew each time, into memory that the model's quantised parameters share: use it before asking for the
  /// next, unless it is kept in full.
  const at::Tensor& in(at::ScalarType compute) const;
  void value_changed() { cast_ = at::Tensor(); }
  /// Has a quantised value written out once for all, in the type that in() will be asked for, until let_go().
  void keep_in_full(at::ScalarType compute);
  bool kept_in_full() const { return kept_; }
  void let_go();

  /// grad += rows^T columns (rows [n, out], columns [n, in], both in compute type).
  void add_product(Slot slot, const at::Tensor& rows, const at::Tensor& columns);
  /// grad += addend (any float type, same shape).
  void add(Slot slot, const at::Tensor& addend);
  /// grad[ids] += rows (rows [n, in]).
  void add_rows(Slot slot, const at::Tensor& ids, const at::Tensor& rows);
  /// The accumulator; zeros where nothing was added since clear().
  at::Tensor& gradient(Slot slot);
  bool empty(Slot slot) const { return empty_[index(slot)]; }
  /// Makes it empty; the memory is kept for the next step.
  void clear(Slot slot) { empty_[index(slot)] = true; }
  void release(Slot slot);
  /// Takes this tensor for an accumulator that has been added to: a view of another parameter's, for instance.
  void lend(Slot slot, at::Tensor gradient);
  /// Memory of all accumulators.
  std::int64_t gradient_bytes() const;
  /// Products of two accumulators, which are also added to two sums, in one pass.
  PairProducts products_adding(Slot a, Slot b, Slot sum_a, Slot sum_b);
  /// grad(sum_w) += w, grad(sum_l) += l, grad(into) += a w + b l, in one pass.
  void add_branches(const at::Tensor& of_w, const at::Tensor& of_l, double a, double b, Slot sum_w, Slot sum_l,
                    Slot into);
  /// grad(into) += a grad(x) + b grad(y), in one pass.
  void combine(Slot into, double a, Slot x, double b, Slot y);

 private:
  static std::size_t index(Slot slot) { return static_cast<std::size_t>(slot); }
  static constexpr std::array<bool, static_cast<std::size_t>(Slot::count)> all_empty() {
    std::array<bool, static_cast<std::size_t>(Slot::count)> result{};
    result.fill(true);
    return result;
  }
  at::Tensor& storage(Slot slot);
  std::array<at::Tensor, static_cast<std::size_t>(Slot::count)> gradients_;
  std::array<bool, static_cast<std::size_t>(Slot::count)> empty_ = all_empty();
  mutable at::Tensor cast_;
  bool kept_ = false;  ///< `cast_` of a quantised value is its own memory
};

/// Where parameter gradients of the backward pass in progress go.
struct GradientRoute {
  std::optional<Slot> plain;       ///< the gradient of the cotangent as it comes
  bool plain_scored_only = false;  ///< `plain` takes parameters of the score scope only
  std::optional<Slot> weighted;    ///< the gradient with each row of the packed row multiplied by row_weights
  at::Tensor row_weights;          ///< [rows, 1], float32
  /// Above 0: rows from here on are the other branch's (PackedRow::split), and their gradients go to these slots.
  std::int64_t split = 0;
  std::optional<Slot> split_plain, split_weighted;
  /// Scores of pairs that share a row, each for itself: of every linear layer's parameter in the score scope.
  struct OfPairs {
    std::vector<PackedRange> rows;                                            ///< of each pair
    std::unordered_map<const Parameter*, std::vector<at::Tensor>> gradients;  ///< of each pair, float32
  };
  OfPairs* of_pairs = nullptr;
  /// Takes what the gradients of all trained parameters are made of, in place of slots.
  PairScores* scores = nullptr;
  bool wants_plain(const Parameter& p) const { return p.trained && plain && (p.scored || !plain_scored_only); }
  bool wants_weighted(const Parameter& p) const { return p.trained && weighted.has_value(); }
  bool wants_of_pairs(const Parameter& p) const { return p.trained && p.scored && of_pairs; }
  bool wants_scores(const Parameter& p) const { return p.trained && scores; }
  bool wants(const Parameter& p) const {
    return wants_plain(p) || wants_weighted(p) || wants_of_pairs(p) || wants_scores(p);
  }

  /// The rows of one branch and where their gradients go; all rows where there is no split.
  struct Part {
    std::int64_t begin, end;
    std::optional<Slot> plain, weighted;
    at::Tensor of(const at::Tensor& rows) const { return rows.slice(0, begin, end); }
  };
  std::vector<Part> parts(std::int64_t rows) const {
    if (split == 0) return {{0, rows, plain, weighted}};
    return {{0, split, plain, weighted}, {split, rows, split_plain, split_weighted}};
  }
};

}  // namespace bandscope::model
