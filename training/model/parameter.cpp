// SPDX-License-Identifier: Apache-2.0
#include "training/model/parameter.h"

#include <ATen/Functions.h>

#include "training/model/kernels.h"
#include "training/model/matrix_products.h"

namespace bandscope::model {

const at::Tensor& Parameter::in(at::ScalarType compute) const {
  if (kept_) return cast_;
  if (quantized) return cast_ = quantized->in_full(compute);
  if (value.scalar_type() == compute) return value;
  if (!cast_.defined()) cast_ = value.to(compute);
  return cast_;
}

void Parameter::keep_in_full(at::ScalarType compute) {
  cast_ = quantized->in_full(compute).clone();
  kept_ = true;
}

void Parameter::let_go() {
  cast_ = at::Tensor();
  kept_ = false;
}

at::Tensor& Parameter::storage(Slot slot) {
  at::Tensor& gradient = gradients_[index(slot)];
  if (!gradient.defined()) gradient = at::empty(value.sizes(), value.options().dtype(at::kFloat));
  return gradient;
}

void Parameter::add_product(Slot slot, const at::Tensor& rows, const at::Tensor& columns) {
  at::Tensor& gradient = storage(slot);
  const bool first = empty_[index(slot)];
  empty_[index(slot)] = false;
  if (rows.scalar_type() == at::kFloat && !few_columns(columns)) {
    if (first) {
      at::mm_out(gradient, rows.t(), columns);
    } else {
      at::addmm_out(gradient, gradient, rows.t(), columns);
    }
    return;
  }
  if (rows.is_cuda()) {
    // Sums in float32 that are never rounded to compute type.
    if (first) {
      at::mm_out(gradient, rows.t(), columns, at::kFloat);
    } else {
      at::addmm_out(gradient, gradient, rows.t(), columns, at::kFloat);
    }
    return;
  }
  const at::Tensor own = product(rows.t(), columns);
  if (first) {
    gradient.copy_(own);
  } else {
    gradient.add_(own);
  }
}

void Parameter::add(Slot slot, const at::Tensor& addend) {
  at::Tensor& gradient = storage(slot);
  if (empty_[index(slot)]) {
    gradient.copy_(addend);
    empty_[index(slot)] = false;
  } else {
    gradient.add_(addend);
  }
}

void Parameter::add_rows(Slot slot, const at::Tensor& ids, const at::Tensor& rows) {
  gradient(slot).index_add_(0, ids, rows.to(at::kFloat));
}

at::Tensor& Parameter::gradient(Slot slot) {
  at::Tensor& gradient = storage(slot);
  if (empty_[index(slot)]) {
    gradient.zero_();
    empty_[index(slot)] = false;
  }
  return gradient;
}

PairProducts Parameter::products_adding(Slot a, Slot b, Slot sum_a, Slot sum_b) {
  at::Tensor &first = storage(sum_a), &second = storage(sum_b);
  const bool overwrite = empty_[index(sum_a)] && empty_[index(sum_b)];
  if (!overwrite) gradient(sum_a), gradient(sum_b);
  const PairProducts products = pair_products_adding(gradient(a), gradient(b), first, second, overwrite);
  empty_[index(sum_a)] = empty_[index(sum_b)] = false;
  return products;
}

void Parameter::combine(Slot into, double a, Slot x, double b, Slot y) {
  at::Tensor& target = storage(into);
  combine_branches(target, empty_[index(into)], a, gradient(x), b, gradient(y));
  empty_[index(into)] = false;
}

void Parameter::add_branches(const at::Tensor& of_w, const at::Tensor& of_l, double a, double b, Slot sum_w, Slot sum_l,
                             Slot into) {
  const bool overwrite = empty(sum_w) && empty(sum_l) && empty(into);
  const auto target = [&](Slot slot) -> at::Tensor& { return overwrite ? storage(slot) : gradient(slot); };
  model::add_branches(of_w, of_l, a, b, target(sum_w), target(sum_l), target(into), overwrite);
  for (Slot slot : {sum_w, sum_l, into}) empty_[index(slot)] = false;
}

void Parameter::lend(Slot slot, at::Tensor gradient) {
  gradients_[index(slot)] = std::move(gradient);
  empty_[index(slot)] = false;
}

std::int64_t Parameter::gradient_bytes() const {
  std::int64_t bytes = 0;
  for (const at::Tensor& gradient : gradients_)
    if (gradient.defined()) bytes += static_cast<std::int64_t>(gradient.nbytes());
  return bytes;
}

void Parameter::release(Slot slot) {
  gradients_[index(slot)] = at::Tensor();
  empty_[index(slot)] = true;
}

}  // namespace bandscope::model
