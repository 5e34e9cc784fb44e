// SPDX-License-Identifier: Apache-2.0
// Products of two matrices where MKL's float32 kernels, taken as they come, waste much of their time (with very few
// columns, and with very many), and where a narrow type must not round what is multiplied.
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>

namespace bandscope::model {

/// True for a right side with which a product is better taken with its sides changed: with fewer columns than a tile of
/// MKL's float32 kernels is wide (adapters of rank 8) it takes two to four times as long as it need.
bool few_columns(const at::Tensor& right);

/// left right, two matrices, the quicker way; contiguous as at::mm's, since sums over gradients go by memory.
at::Tensor product(const at::Tensor& left, const at::Tensor& right);
/// out = left right (+ bias, [columns]).
void product_into(at::Tensor& out, const at::Tensor& left, const at::Tensor& right,
                  const std::optional<at::Tensor>& bias = std::nullopt);
/// out += left right.
void add_product(at::Tensor& out, const at::Tensor& left, const at::Tensor& right);
/// Each row of `rows` [n, size] times its factor, [n, 1] float32; rounded to the type of the rows once, the factors
/// never: bfloat16 would scale all that belongs to a pair by up to 0.4 % too much or too little.
at::Tensor scaled_rows(const at::Tensor& rows, const at::Tensor& factors);
/// left right in float32; on a CUDA device its sums are never rounded to the matrices' type.
at::Tensor wide_product(const at::Tensor& left, const at::Tensor& right);

}  // namespace bandscope::model
