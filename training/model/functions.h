// SPDX-License-Identifier: Apache-2.0
// The differentiable pieces of a decoder. Inputs and outputs are activations [rows, features] in compute type;
// gradients of parameters go where the GradientRoute in force at backward time sends them (see parameter.h). What is
// cheap to compute again (normalised rows, activated gates) is not kept for backward.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "training/model/config.h"
#include "training/model/dropout_mask.h"
#include "training/model/packed_row.h"
#include "training/model/parameter.h"

namespace bandscope::model {

/// Low-rank adapter of one linear layer: y += scale (dropout(x) A^T) B^T.
struct Lora {
  Parameter* a = nullptr;  ///< [rank, in]
  Parameter* b = nullptr;  ///< [out, rank]
  double scale = 1.0;
  int number = 0;  ///< of the projection among the model's
};

/// A linear layer, y = x W^T + bias (+ adapter).
struct Linear {
  Parameter* weight = nullptr;  ///< [out, in]
  Parameter* bias = nullptr;    ///< [out] or none
  std::unique_ptr<Lora> lora;
  std::string name;  ///< module path without ".weight"
};

/// LayerNorm or RMSNorm of the last dimension. In float32 inside.
struct Norm {
  Parameter* weight = nullptr;
  Parameter* bias = nullptr;
  double eps = 1e-5;
  bool centred = false;   ///< LayerNorm
  bool plus_one = false;  ///< multiplies by 1 + weight
  bool wide = false;      ///< rounds to compute type after the weight, not before
};

/// What a pass through the decoder needs beside its input. Must outlive the backward pass.
struct PassContext {
  at::ScalarType compute = at::kFloat;
  bool adapters = true;  ///< false: the base model
  Dropout dropout;       ///< before the adapters; of no share outside of training
  /// Attention of a block (by its number) in place of the row's own, where keys and values lie elsewhere too, as in a
  /// cache: rotated q [rows, heads, d], k and v [rows, kv_heads, d] to [rows, heads d]. Without gradients.
  std::function<at::Tensor(std::size_t block, const at::Tensor& q, const at::Tensor& k, const at::Tensor& v)> attend;
  PackedCopies copies;  ///< of the row that is passed through
  GradientRoute route;  ///< set by the trainer before each backward pass
  /// Called in the backward pass when a block's gradients are complete, with its number.
  std::function<void(int block)> block_done;
};

at::Tensor linear(const at::Tensor& x, const Linear& layer, PassContext& context);
/// x [rows, size], or [rows, heads, size] where each head is normalised by itself.
at::Tensor normed(const at::Tensor& x, const Norm& norm, PassContext& context);
/// Linear layers of one normalised input: layer(norm(x)) for each, or layer(x) where the norm has no weight. `layers`
/// must outlive the backward pass.
std::vector<at::Tensor> linears(const at::Tensor& x, const Norm& norm, std::vector<const Linear*> layers,
                                PassContext& context);
/// layer(activation(x) * gated), or layer(activation(x)) without `gated`.
at::Tensor activated_linear(const at::Tensor& x, const std::optional<at::Tensor>& gated, Activation activation,
                            const Linear& layer, PassContext& context);
/// Rows of the embedding table; `anchor` is any tensor that requires grad, so that the graph starts here.
at::Tensor embedding(const at::Tensor& anchor, const at::Tensor& ids, Parameter& table, PassContext& context);
/// Rotates the first 2 * cos.size(1) of the last dimension of q [rows, heads, head_dim] and k [rows, kv_heads,
/// head_dim]; cos, sin [rows, rotary / 2] float32.
std::pair<at::Tensor, at::Tensor> rotary(const at::Tensor& q, const at::Tensor& k, const at::Tensor& cos,
                                         const at::Tensor& sin);
/// Attention of each segment of the row by itself: q [rows, heads, d], k, v [rows, kv_heads, d] to [rows, heads d].
/// `masks` as attention_mask() gives them, one per segment. `scale` of the scores; 1 / sqrt(d) where there is none.
at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                     const std::vector<Segment>& segments, const std::vector<at::Tensor>& masks,
                     std::optional<double> scale = {});

/// Scores are cap tanh(scale q k / cap).
struct CappedScores {
  double scale = 1.0, cap = 0.0;
};
/// The same with capped scores, which no kernel of LibTorch computes: a segment's scores are there in full, in the
/// forward pass and, computed again, in the backward pass, and are not kept between them.
at::Tensor capped_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                            const std::vector<Segment>& segments, const std::vector<at::Tensor>& masks,
                            const CappedScores& scores);

}  // namespace bandscope::model
