// SPDX-License-Identifier: Apache-2.0
// The gradients of pairs whose factors are known, out of the rows of their backward pass.
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

#include "training/model/matrix_products.h"
#include "training/model/pair_scores.h"
#include "training/model/to_device.h"

namespace bandscope::model {

at::Tensor PairScores::factors_of_rows(std::span<const BranchFactors> factors, at::Device device) const {
  std::vector<float> values(static_cast<std::size_t>(rows_));
  for (const int b : {w, l})
    for (std::size_t pair = 0; pair < factors.size(); ++pair)
      for (const PackedRange& range : ranges_[b][pair])
        std::fill(values.begin() + range.begin, values.begin() + range.end,
                  static_cast<float>(factors[pair].of(b == w)));
  return to_device(values, at::kFloat, device).unsqueeze(1);
}

at::Tensor PairScores::weighted(const at::Tensor& rows, const at::Tensor& factors) const {
  at::Tensor result = scaled_rows(rows, factors);
  if (copies_.count == 0) return result;
  result.slice(0, copies_.from, copies_.from + copies_.count)
      .add_(result.slice(0, copies_.to, copies_.to + copies_.count));
  return result.slice(0, 0, copies_.to);
}

bool PairScores::pair_by_pair(const Product& product) const {
  // In smaller ones the calls themselves are what takes the time. A GPU has no cache for such gradients, and products
  // that cost it little.
  constexpr std::int64_t least = 1 << 16;
  const auto pairs = static_cast<std::int64_t>(pairs_.size());
  const std::int64_t unlike = copies_.count > 0 ? copies_.to : rows_;
  return product.rows.is_cpu() && product.parameter->numel() >= least && unlike > pairs * going_over;
}

void PairScores::finish_pair_by_pair(const Product& product, std::span<const BranchFactors> factors,
                                     const ScoreSlots& slots) const {
  for (std::size_t pair = 0; pair < factors.size(); ++pair) {
    at::Tensor scores[2];
    for (const int b : {w, l})
      scores[b] = wide_product(of_pair(product.rows, b, pair).t(), of_pair(product.columns, b, pair));
    product.parameter->add_branches(scores[w], scores[l], factors[pair].w, factors[pair].l, slots.sum_w, slots.sum_l,
                                    slots.train);
  }
}

void PairScores::finish_products(std::span<const BranchFactors> factors, const ScoreSlots& slots) {
  at::Tensor of_rows;
  for (Product& product : products_) {
    Parameter& parameter = *product.parameter;
    if (pair_by_pair(product)) {
      finish_pair_by_pair(product, factors, slots);
    } else {
      if (!of_rows.defined()) of_rows = factors_of_rows(factors, product.rows.device());
      parameter.add_product(slots.sum_w, product.rows.slice(0, 0, split_), product.columns.slice(0, 0, split_));
      parameter.add_product(slots.sum_l, product.rows.slice(0, split_), product.columns.slice(0, split_));
      const at::Tensor rows = weighted(product.rows, of_rows);
      parameter.add_product(slots.train, rows, product.columns.slice(0, 0, rows.size(0)));
    }
    product.rows = product.columns = at::Tensor();
  }
}

void PairScores::finish_sums(std::span<const BranchFactors> factors, const ScoreSlots& slots) {
  for (Parameter* parameter : summed_) {
    const at::Tensor& sums = sums_.at(parameter);
    const auto add = [&](Slot slot, const at::Tensor& sum) {
      parameter->add(slot, sum.view(parameter->value.sizes()));
    };
    add(slots.sum_w, sums.select(0, w).sum(0));
    add(slots.sum_l, sums.select(0, l).sum(0));
    at::Tensor total = at::zeros({parameter->numel()}, sums.options());
    for (const int b : {w, l})
      for (std::size_t pair = 0; pair < factors.size(); ++pair)
        total.add_(sums.select(0, b).select(0, static_cast<std::int64_t>(pair)), factors[pair].of(b == w));
    add(slots.train, total);
  }
}

void PairScores::finish_tables(std::span<const BranchFactors> factors, const ScoreSlots& slots) {
  if (projection_) {
    add_sums(*projection_, projection_rows_, slots.sum_w, slots.sum_l);
    add_weighted(*projection_, projection_rows_, factors, slots.train);
  }
  if (gathered_) {
    Parameter& parameter = *gathered_->projection;
    if (gathered_->w != slots.sum_w) parameter.add(slots.sum_w, parameter.gradient(gathered_->w));
    if (gathered_->l != slots.sum_l) parameter.add(slots.sum_l, parameter.gradient(gathered_->l));
    parameter.combine(slots.train, factors[0].w, gathered_->w, factors[0].l, gathered_->l);
  }
  if (lookup_.table) {
    lookup_.table->add_rows(slots.sum_w, lookup_.ids.slice(0, 0, split_), lookup_.rows.slice(0, 0, split_));
    lookup_.table->add_rows(slots.sum_l, lookup_.ids.slice(0, split_), lookup_.rows.slice(0, split_));
    const at::Tensor rows = weighted(lookup_.rows, factors_of_rows(factors, lookup_.rows.device()));
    lookup_.table->add_rows(slots.train, lookup_.ids.slice(0, 0, rows.size(0)), rows);
  }
}

void PairScores::finish(std::span<const BranchFactors> factors, const ScoreSlots& slots) {
  const at::NoGradGuard no_grad;
  finish_products(factors, slots);
  finish_sums(factors, slots);
  finish_tables(factors, slots);
  products_.clear(), sums_.clear(), summed_.clear();
  lookup_ = {}, projection_ = nullptr, projection_rows_ = {}, gathered_ = {};
}

}  // namespace bandscope::model
