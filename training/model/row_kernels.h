// SPDX-License-Identifier: Apache-2.0
// Row-wise pieces of a decoder block in one pass each, for contiguous float32 on the CPU. Callers ask `fused` first and
// use LibTorch's operators otherwise; tests compare the two.
#pragma once

#include <ATen/core/Tensor.h>

#include <initializer_list>

namespace bandscope::model {

/// True when all tensors are contiguous float32 on the CPU.
bool fused(std::initializer_list<at::Tensor> tensors);

/// RMSNorm of x [n, size] with weight [size]: returns the output, fills rstd [n, 1].
at::Tensor rms_norm_rows(const at::Tensor& x, const at::Tensor& weight, double eps, at::Tensor& rstd);
/// x rstd weight again.
at::Tensor rms_norm_rows_again(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& rstd);
/// Writes the gradient of the input to `gx` [n, size]; adds the weight's gradient to `g_weight` [size] where that is
/// defined (the same sum whatever the number of threads).
void rms_norm_rows_backward(const at::Tensor& gy, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& rstd,
                            at::Tensor& gx, at::Tensor& g_weight);

/// silu(gate) * up.
at::Tensor swiglu_rows(const at::Tensor& gate, const at::Tensor& up);
/// Gradients of gate and up, written over `g_inner` (which becomes that of `up`) and into `g_gate`.
void swiglu_rows_backward(at::Tensor& g_inner, const at::Tensor& gate, const at::Tensor& up, at::Tensor& g_gate);

/// Rotation of the first 2 half dimensions of each head: x [n, heads, d] (heads may be strided), cos, sin [n, half],
/// y contiguous.
void rotate_rows(const at::Tensor& x, const at::Tensor& cos, const at::Tensor& sin, bool inverse, at::Tensor& y);

}  // namespace bandscope::model
