// SPDX-License-Identifier: Apache-2.0
// The output projection's gradients of pairs, kept as the rows that they are products of: G = E^T H over a pair's rows,
// E the errors of its logits and H its scaled states. ||G||^2 is the sum of (E E^T) * (H H^T), a product over rows
// instead of over the projection's shape.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

#include "training/model/kernels.h"
#include "training/model/packed_row.h"
#include "training/model/parameter.h"

namespace bandscope::model {

/// Factors of a pair's two scores in a gradient.
struct BranchFactors {
  double w = 0, l = 0;
  double of(bool chosen) const { return chosen ? w : l; }
};

/// Where scores are summed over pairs, s_w and s_l each for itself, and both with the pairs' factors.
struct ScoreSlots {
  Slot sum_w, sum_l, train;
};

struct ProjectionRows {
  ProjectionRows() = default;
  /// `errors` and `columns` of both branches, and where pairs lie in their own branch's.
  ProjectionRows(const at::Tensor (&errors_of)[2], const at::Tensor (&columns_of)[2],
                 std::vector<ResponseSpan> of_chosen, std::vector<ResponseSpan> of_rejected);

  at::Tensor errors;                  ///< [T_w + T_l, vocabulary] compute type, the chosen branch's first
  at::Tensor columns;                 ///< [T_w + T_l, hidden]
  std::vector<ResponseSpan> spans_w;  ///< of each pair
  std::vector<ResponseSpan> spans_l;  ///< of each pair, from T_w on
  std::int64_t middle = 0;            ///< T_w
  const std::vector<ResponseSpan>& spans(bool chosen) const { return chosen ? spans_w : spans_l; }
  /// A pair's rows of `errors` or `columns`.
  at::Tensor of(const at::Tensor& rows, bool chosen, std::size_t pair) const;
};

/// a b^T in float32.
at::Tensor row_products(const at::Tensor& a, const at::Tensor& b);
/// ||s_w||^2, ||s_l||^2 and <s_w, s_l> of each pair out of `totals` [pairs, 3] float64; waits for a GPU.
std::vector<PairProducts> read_products(const at::Tensor& totals);

/// Of each pair's gradients; a GPU is waited for once.
std::vector<PairProducts> products_of_pairs(const ProjectionRows& rows);
/// Adds all pairs' gradients up: those of each branch, and in `train` both with the pairs' factors.
void add_sums(Parameter& projection, const ProjectionRows& rows, Slot sum_w, Slot sum_l);
void add_weighted(Parameter& projection, const ProjectionRows& rows, std::span<const BranchFactors> factors,
                  Slot train);

}  // namespace bandscope::model
