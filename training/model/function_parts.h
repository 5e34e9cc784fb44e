// SPDX-License-Identifier: Apache-2.0
// What the decoder's autograd functions share: forward and backward arithmetic of a linear layer and of a norm.
#pragma once

#include <ATen/core/Tensor.h>
#include <torch/csrc/autograd/custom_function.h>

#include "training/model/functions.h"

namespace bandscope::model {

/// Pointers to layers and contexts travel through autograd as integers; what they point at outlives the graph.
template <class T>
void save_pointer(torch::autograd::AutogradContext* ctx, const char* key, const T* pointer) {
  ctx->saved_data[key] = reinterpret_cast<std::int64_t>(pointer);
}
template <class T>
T& saved_pointer(torch::autograd::AutogradContext* ctx, const char* key) {
  return *reinterpret_cast<T*>(ctx->saved_data[key].toInt());
}

/// Sends sums over rows where the route says.
void send_row_sum(Parameter* parameter, const GradientRoute& route, const at::Tensor& rows);

/// What a linear layer's backward pass needs beside its input; undefined without an adapter.
struct LinearSaved {
  at::Tensor down;  ///< dropout(x) A^T
  at::Tensor mask;  ///< dropout mask, scaled
};
at::Tensor linear_forward(const at::Tensor& x, const Linear& layer, const PassContext& context, LinearSaved& saved);
/// True when the backward pass needs the layer's input: something of it is trained.
bool linear_needs_input(const Linear& layer, const LinearSaved& saved);
/// Sends parameter gradients and writes the input's gradient to `gx`, or adds it there (`add`). `x` may be
/// undefined when it is not needed.
void linear_backward(const at::Tensor& gy, const at::Tensor& x, const Linear& layer, const PassContext& context,
                     const LinearSaved& saved, at::Tensor& gx, bool add);

/// Row statistics of a norm: mean undefined for RMSNorm; both [rows, 1] float32.
struct NormSaved {
  at::Tensor mean, rstd;
};
at::Tensor norm_forward(const at::Tensor& x, const Norm& norm, const PassContext& context, NormSaved& saved);
/// The norm's output again, in compute type.
at::Tensor norm_again(const at::Tensor& x, const Norm& norm, const PassContext& context, const NormSaved& saved);
/// Sends parameter gradients, writes the input's to `gx`.
void norm_backward(const at::Tensor& gy, const at::Tensor& x, const Norm& norm, const PassContext& context,
                   const NormSaved& saved, at::Tensor& gx);

}  // namespace bandscope::model
