// SPDX-License-Identifier: Apache-2.0
#include "training/model/projection_rows.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <algorithm>
#include <utility>

#include "training/model/kernels.h"
#include "training/model/matrix_products.h"
#include "training/model/to_device.h"

namespace bandscope::model {
namespace {

/// `first` and `second`, one below the other; without a copy where they lie so.
at::Tensor joined(const at::Tensor& first, const at::Tensor& second) {
  const bool adjacent = first.is_contiguous() && second.is_contiguous() && first.is_alias_of(second) &&
                        second.storage_offset() == first.storage_offset() + first.numel();
  if (!adjacent) return at::cat({first, second});
  return first.as_strided({first.size(0) + second.size(0), first.size(1)}, first.strides());
}

}  // namespace

ProjectionRows::ProjectionRows(const at::Tensor (&errors_of)[2], const at::Tensor (&columns_of)[2],
                               std::vector<ResponseSpan> of_chosen, std::vector<ResponseSpan> of_rejected)
    : errors(joined(errors_of[0], errors_of[1])),
      columns(at::cat({columns_of[0], columns_of[1]})),
      spans_w(std::move(of_chosen)),
      spans_l(std::move(of_rejected)),
      middle(columns_of[0].size(0)) {
  for (ResponseSpan& span : spans_l) span.begin += middle;
}

at::Tensor ProjectionRows::of(const at::Tensor& rows, bool chosen, std::size_t pair) const {
  const ResponseSpan span = spans(chosen)[pair];
  return rows.slice(0, span.begin, span.begin + span.length);
}

at::Tensor row_products(const at::Tensor& a, const at::Tensor& b) { return wide_product(a, b.t()); }

std::vector<PairProducts> read_products(const at::Tensor& totals) {
  const at::Tensor host = totals.to(at::kCPU);
  const auto* values = host.const_data_ptr<double>();
  std::vector<PairProducts> result;
  // A sum over rows that nearly cancels may come out a rounding error below 0, which no squared norm is;
  // what is not a number stays so.
  for (std::int64_t pair = 0; pair < host.size(0); ++pair, values += 3)
    result.push_back({std::max(values[0], 0.0), std::max(values[1], 0.0), values[2]});
  return result;
}

std::vector<PairProducts> products_of_pairs(const ProjectionRows& rows) {
  std::vector<at::Tensor> sums;
  for (std::size_t pair = 0; pair < rows.spans_w.size(); ++pair)
    for (const auto& [a, b] : {std::pair(true, true), {false, false}, {true, false}})
      sums.push_back((row_products(rows.of(rows.errors, a, pair), rows.of(rows.errors, b, pair)) *
                      row_products(rows.of(rows.columns, a, pair), rows.of(rows.columns, b, pair)))
                         .sum(at::kDouble));
  return read_products(at::stack(sums).view({-1, 3}));
}

void add_sums(Parameter& projection, const ProjectionRows& rows, Slot sum_w, Slot sum_l) {
  const std::int64_t middle = rows.middle;
  projection.add_product(sum_w, rows.errors.slice(0, 0, middle), rows.columns.slice(0, 0, middle));
  projection.add_product(sum_l, rows.errors.slice(0, middle), rows.columns.slice(0, middle));
}

void add_weighted(Parameter& projection, const ProjectionRows& rows, std::span<const BranchFactors> factors,
                  Slot train) {
  std::vector<float> values(static_cast<std::size_t>(rows.errors.size(0)));
  for (const bool chosen : {true, false})
    for (std::size_t pair = 0; pair < factors.size(); ++pair) {
      const ResponseSpan span = rows.spans(chosen)[pair];
      std::fill_n(values.begin() + span.begin, span.length, static_cast<float>(factors[pair].of(chosen)));
    }
  const at::Tensor of_rows = to_device(values, at::kFloat, rows.columns.device()).unsqueeze(1);
  // Both branches in one product: the gradient's memory is gone over once.
  projection.add_product(train, rows.errors, scaled_rows(rows.columns, of_rows));
}

}  // namespace bandscope::model
