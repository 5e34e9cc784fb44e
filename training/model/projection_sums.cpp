// SPDX-License-Identifier: Apache-2.0
#include "training/model/projection_sums.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <algorithm>

#include "training/model/to_device.h"

namespace bandscope::model {
namespace {

/// Products of single rows' gradients, [rows of a, rows of b] float32.
at::Tensor products_of_rows(const ProjectionRows& a, const ProjectionRows& b) {
  return row_products(a.errors, b.errors).mul_(row_products(a.columns, b.columns));
}

/// Which rows are whose: [branches and pairs, rows] of ones and zeros, the chosen responses first.
at::Tensor pairs_of_rows(const ProjectionRows& rows) {
  const std::size_t pairs = rows.spans_w.size(), length = static_cast<std::size_t>(rows.errors.size(0));
  std::vector<float> ones(2 * pairs * length);
  for (const bool chosen : {true, false})
    for (std::size_t pair = 0; pair < pairs; ++pair) {
      const ResponseSpan span = rows.spans(chosen)[pair];
      const std::size_t line = (chosen ? 0 : pairs) + pair;
      std::fill_n(ones.begin() + static_cast<std::ptrdiff_t>(line * length) + span.begin, span.length, 1.0f);
    }
  return to_device(ones, at::kDouble, rows.errors.device()).view({static_cast<std::int64_t>(2 * pairs), -1});
}

/// The same of branches, [2, rows].
at::Tensor branches_of_rows(const ProjectionRows& rows) {
  at::Tensor ones = at::zeros({2, rows.errors.size(0)}, rows.errors.options().dtype(at::kDouble));
  ones.select(0, 0).slice(0, 0, rows.middle).fill_(1.0);
  ones.select(0, 1).slice(0, rows.middle).fill_(1.0);
  return ones;
}

at::Tensor summed(const at::Tensor& products, const at::Tensor& of_left, const at::Tensor& of_right) {
  return at::mm(at::mm(of_left, products.to(at::kDouble)), of_right.t());
}

}  // namespace

std::vector<PairProducts> ProjectionSums::add(ProjectionRows rows) {
  const auto pairs = static_cast<std::int64_t>(rows.spans_w.size());
  const at::Tensor of_pairs = pairs_of_rows(rows), of_branches = branches_of_rows(rows);
  // With earlier passes, whose products with these come twice in a square.
  at::Tensor across = at::zeros({2, 2}, of_pairs.options());
  for (const ProjectionRows& earlier : kept_)
    across.add_(summed(products_of_rows(rows, earlier), of_branches, branches_of_rows(earlier)));
  across.add_(across.t().clone());
  const at::Tensor own = summed(products_of_rows(rows, rows), of_pairs, of_pairs);
  const at::Tensor host = at::cat({own.flatten(), across.flatten()}).to(at::kCPU);
  const auto* of = host.const_data_ptr<double>();
  const auto own_of = [&](std::int64_t a, std::int64_t b) { return of[a * 2 * pairs + b]; };
  const auto* across_of = of + 4 * pairs * pairs;
  total_ += {across_of[0], across_of[3], across_of[1]};
  std::vector<PairProducts> result;
  for (std::int64_t a = 0; a < pairs; ++a) {
    for (std::int64_t b = 0; b < pairs; ++b)
      total_ += {own_of(a, b), own_of(pairs + a, pairs + b), own_of(a, pairs + b)};
    // A sum over rows that nearly cancels may come out a rounding error below 0, which no squared norm is;
    // what is not a number stays so.
    result.push_back({std::max(own_of(a, a), 0.0), std::max(own_of(pairs + a, pairs + a), 0.0), own_of(a, pairs + a)});
  }
  kept_.push_back(std::move(rows));
  return result;
}

PairProducts ProjectionSums::total() const { return {std::max(total_.aa, 0.0), std::max(total_.bb, 0.0), total_.ab}; }

void ProjectionSums::clear() {
  kept_.clear();
  total_ = {};
}

}  // namespace bandscope::model
