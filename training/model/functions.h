// SPDX-License-Identifier: Apache-2.0
// The differentiable pieces of a decoder. Inputs and outputs are activations [rows, features] in compute type; gradients
// of parameters go where the GradientRoute in force at backward time sends them (see parameter.h).
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <memory>

#include "training/model/parameter.h"

namespace bandscope {

/// Low-rank adapter of one linear layer: y += scale (dropout(x) A^T) B^T.
struct Lora {
  Parameter* a = nullptr;  ///< [rank, in]
  Parameter* b = nullptr;  ///< [out, rank]
  double scale = 1.0;
};

/// A linear layer, y = x W^T + bias (+ adapter).
struct Linear {
  Parameter* weight = nullptr;  ///< [out, in]
  Parameter* bias = nullptr;    ///< [out] or none
  std::unique_ptr<Lora> lora;
  std::string name;  ///< module path without ".weight"
};

/// What a pass through the decoder needs beside its input. Must outlive the backward pass.
struct PassContext {
  at::ScalarType compute = at::kFloat;
  bool adapters = true;          ///< false: the base model
  double lora_dropout = 0.0;     ///< 0 outside of training
  at::Generator* dropout_generator = nullptr;
  GradientRoute route;           ///< set by the trainer before each backward pass
};

at::Tensor linear(const at::Tensor& x, const Linear& layer, PassContext& context);
/// x / sqrt(mean(x^2) + eps) * weight, in float32 inside.
at::Tensor rms_norm(const at::Tensor& x, Parameter& weight, double eps, PassContext& context);
at::Tensor layer_norm(const at::Tensor& x, Parameter& weight, Parameter& bias, double eps, PassContext& context);
/// Rows of the embedding table; `anchor` is any tensor that requires grad, so that the graph starts here.
at::Tensor embedding(const at::Tensor& anchor, const at::Tensor& ids, Parameter& table, PassContext& context);
/// Rotates the first 2 * cos.size(1) of the last dimension of x [rows, heads, head_dim]; cos, sin [rows, rotary / 2] float32.
at::Tensor rotary(const at::Tensor& x, const at::Tensor& cos, const at::Tensor& sin);
/// silu(gate) * up, keeping only its inputs for backward.
at::Tensor swiglu(const at::Tensor& gate, const at::Tensor& up);

}  // namespace bandscope
