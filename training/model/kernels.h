// SPDX-License-Identifier: Apache-2.0
// Passes over whole gradients that would be several passes with LibTorch's operators. Contiguous float32 on the CPU has a
// loop of its own; everything else goes through the operators, which are also what tests compare with.
#pragma once

#include <ATen/core/Tensor.h>

namespace bandscope {

/// ||a||^2, ||b||^2 and <a, b> of two tensors of one shape, in one pass with double accumulation.
struct PairProducts {
  double aa = 0, bb = 0, ab = 0;
  PairProducts& operator+=(const PairProducts& other);
};
PairProducts pair_products(const at::Tensor& a, const at::Tensor& b);
/// The same, and sum_a += a, sum_b += b (or = with `overwrite`) while they are at hand.
PairProducts pair_products_adding(const at::Tensor& a, const at::Tensor& b, at::Tensor& sum_a, at::Tensor& sum_b, bool overwrite);
PairProducts pair_products_plain(const at::Tensor& a, const at::Tensor& b);

/// Sum of squares with double accumulation.
double squared_norm(const at::Tensor& a);

/// target = (overwrite ? 0 : target) + a x + b y, in one pass.
void combine_branches(at::Tensor& target, bool overwrite, double a, const at::Tensor& x, double b, const at::Tensor& y);

}  // namespace bandscope
