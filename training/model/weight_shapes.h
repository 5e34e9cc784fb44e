// SPDX-License-Identifier: Apache-2.0
// The weights that a config.json implies: name, shape and place of each. The decoder is loaded by this list, and a plan
// counts from it before any weight is there.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/spec/run_spec.h"
#include "training/model/config.h"

namespace bandscope::model {

enum class WeightRole {
  embedding,
  norm_before_attention,
  norm_after_attention,
  norm_before_mlp,
  norm_after_mlp,
  q_norm,  ///< of all heads, or one role per head in their order
  k_norm,
  qkv,
  q,
  k,
  v,
  o,
  gate_up,
  gate,
  up,
  down,
  final_norm,
  head
};

/// A weight matrix with its bias, or a norm (in = 1).
struct WeightShape {
  WeightRole role = WeightRole::embedding;
  std::string module;  ///< path without ".weight": "model.layers.0.self_attn.q_proj"
  std::int64_t out = 0, in = 0, bias = 0;
  int layer = -1;  ///< as Parameter::layer

  std::int64_t count() const { return out * in + bias; }
  /// A linear layer of a block: what adapters and quantisation are about.
  bool projection() const { return role >= WeightRole::qkv && role <= WeightRole::down; }
  /// Last part of the path, as adapters name their targets: "q_proj".
  std::string_view name() const;
};

/// In the order of a forward pass, block after block; a tied output projection is left out.
std::vector<WeightShape> weight_shapes(const ModelConfig& config);

/// Names of the projections that get an adapter: `lora.targets`, or all where there are none. Throws SpecError at
/// model.lora.targets for a name that the model does not have.
std::set<std::string, std::less<>> adapted_projections(const ModelConfig& config, const LoraSpec& lora);

/// Path of the output projection, whether or not it is tied.
std::string head_module(const ModelConfig& config);

}  // namespace bandscope::model
