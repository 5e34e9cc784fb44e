// SPDX-License-Identifier: Apache-2.0
// Passes over whole gradients that would be several passes with LibTorch's operators. Contiguous float32 on the CPU has
// a loop of its own, CUDA has kernels where its module is loaded; everything else goes through the operators, which are
// also what tests compare with.
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>
#include <span>
#include <vector>

#include "training/cuda/device_kernels.h"

namespace bandscope::model {

/// ||a||^2, ||b||^2 and <a, b> of two tensors of one shape, in one pass with double accumulation.
struct PairProducts {
  double aa = 0, bb = 0, ab = 0;
  PairProducts& operator+=(const PairProducts& other);
};
PairProducts pair_products(const at::Tensor& a, const at::Tensor& b);
/// The same, and sum_a += a, sum_b += b (or = with `overwrite`) while they are at hand.
PairProducts pair_products_adding(const at::Tensor& a, const at::Tensor& b, at::Tensor& sum_a, at::Tensor& sum_b,
                                  bool overwrite);
/// Those of several pairs, and the sum of squares of other tensors.
struct StepProducts {
  std::vector<PairProducts> pairs;
  double squared_norm = 0;
};
/// On a CUDA device one launch takes them all, and the host waits once. Profilers see that wait as `products_wait`, on
/// every device.
StepProducts products_and_norm(std::span<const cuda::GradientPair> pairs, std::span<const at::Tensor> tensors);
inline constexpr const char* products_wait = "bandscope::products";
std::vector<PairProducts> pair_products_each(std::span<const cuda::GradientPair> pairs);
PairProducts pair_products_plain(const at::Tensor& a, const at::Tensor& b);

/// Sum of squares with double accumulation.
double squared_norm(const at::Tensor& a);
/// That of several tensors together.
double squared_norm(std::span<const at::Tensor> tensors);

/// target = (overwrite ? 0 : target) + a x + b y, in one pass.
void combine_branches(at::Tensor& target, bool overwrite, double a, const at::Tensor& x, double b, const at::Tensor& y);

/// sum_w += w, sum_l += l, target += a w + b l (= instead of += with `overwrite`), in one pass.
void add_branches(const at::Tensor& w, const at::Tensor& l, double a, double b, at::Tensor& sum_w, at::Tensor& sum_l,
                  at::Tensor& target, bool overwrite);

}  // namespace bandscope::model
