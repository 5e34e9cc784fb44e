// SPDX-License-Identifier: Apache-2.0
#include "training/plan/shapes.h"

#include <algorithm>
#include <set>

#include "core/error.h"
#include "training/quant/blockwise_adam.h"

namespace bandscope {
namespace {

WeightShape linear(const char* module, std::int64_t out, std::int64_t in, bool bias, int layer) {
  return {module, out, in, bias ? out : 0, true, layer};
}
WeightShape norm(const char* module, const ModelConfig& c, int layer) {
  return {module, c.hidden_size, 1, c.layer_norm ? c.hidden_size : 0, false, layer};
}

void add_block(std::vector<WeightShape>& shapes, const ModelConfig& c, int i) {
  const std::int64_t width = c.heads * c.head_dim, kv = c.kv_heads * c.head_dim, h = c.hidden_size;
  shapes.push_back(norm("input_layernorm", c, i));
  shapes.push_back(norm("post_attention_layernorm", c, i));
  if (c.fused_qkv) {
    shapes.push_back(linear("query_key_value", 3 * width, h, c.qkv_bias, i));
    shapes.push_back(linear("dense", h, width, c.output_bias, i));
    shapes.push_back(linear("dense_h_to_4h", c.intermediate_size, h, true, i));
    shapes.push_back(linear("dense_4h_to_h", h, c.intermediate_size, true, i));
    return;
  }
  shapes.push_back(linear("q_proj", width, h, c.qkv_bias, i));
  shapes.push_back(linear("k_proj", kv, h, c.qkv_bias, i));
  shapes.push_back(linear("v_proj", kv, h, c.qkv_bias, i));
  shapes.push_back(linear("o_proj", h, width, c.output_bias, i));
  shapes.push_back(linear("gate_proj", c.intermediate_size, h, c.mlp_bias, i));
  shapes.push_back(linear("up_proj", c.intermediate_size, h, c.mlp_bias, i));
  shapes.push_back(linear("down_proj", h, c.intermediate_size, c.mlp_bias, i));
}

/// The tensor's size where it is too small for 8-bit optimizer states, else 0.
std::int64_t small(std::int64_t size) { return size < BlockwiseAdam::least_size ? size : 0; }

void check_targets(const std::vector<WeightShape>& shapes, const LoraSpec& lora) {
  std::set<std::string> known;
  for (const WeightShape& shape : shapes)
    if (shape.projection) known.insert(shape.module);
  for (const std::string& target : lora.targets) {
    if (known.contains(target)) continue;
    std::string names;
    for (const std::string& name : known) names += (names.empty() ? "" : ", ") + name;
    throw key_error("model.lora.targets", Message::tr("this model has no projection \"%1\"; it has %2", target, names));
  }
}

}  // namespace

std::vector<WeightShape> weight_shapes(const ModelConfig& config) {
  std::vector<WeightShape> shapes;
  const int last = static_cast<int>(config.layers);
  shapes.push_back({"embeddings", config.vocab_size, config.hidden_size, 0, false, -1});
  for (int i = 0; i < last; ++i) add_block(shapes, config, i);
  shapes.push_back(norm("norm", config, last));
  if (!config.tied_embeddings) shapes.push_back({"head", config.vocab_size, config.hidden_size, 0, false, last});
  return shapes;
}

ParameterCounts count_parameters(const ModelConfig& config, Tuning tuning, const LoraSpec& lora) {
  const std::vector<WeightShape> shapes = weight_shapes(config);
  const bool adapting = tuning != Tuning::full;
  if (adapting) check_targets(shapes, lora);
  ParameterCounts counts;
  counts.head = config.vocab_size * config.hidden_size;
  const int last_block = static_cast<int>(config.layers) - 1;
  for (const WeightShape& shape : shapes) {
    counts.weights += shape.count();
    if (!adapting) counts.trained_in_small_tensors += small(shape.out * shape.in) + small(shape.bias);
    if (!shape.projection) continue;
    counts.projections += shape.out * shape.in;
    counts.largest_projection = std::max(counts.largest_projection, shape.out * shape.in);
    const bool adapted =
        adapting && (lora.targets.empty() || std::ranges::find(lora.targets, shape.module) != lora.targets.end());
    if (!adapted) continue;
    const std::int64_t own = lora.rank * (shape.out + shape.in);
    counts.adapters += own;
    counts.trained_in_small_tensors += small(lora.rank * shape.out) + small(lora.rank * shape.in);
    if (shape.layer != last_block) continue;
    counts.last_block_adapters += own;
    counts.adapted_outputs += lora.rank;
    counts.adapted_inputs += shape.in;
  }
  return counts;
}

}  // namespace bandscope
