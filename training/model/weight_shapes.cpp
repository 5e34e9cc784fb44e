// SPDX-License-Identifier: Apache-2.0
#include "training/model/weight_shapes.h"

#include "core/error.h"

namespace bandscope::model {
namespace {

/// Collects the modules of one block.
class BlockShapes {
 public:
  BlockShapes(std::vector<WeightShape>& shapes, const ModelConfig& config, std::string path, int layer)
      : shapes_(shapes), config_(config), path_(std::move(path)), layer_(layer) {}

  /// Of hidden states.
  void norm(WeightRole role, const std::string& module) {
    const std::int64_t size = config_.hidden_size;
    shapes_.push_back({role, path_ + module, size, 1, config_.layer_norm ? size : 0, layer_});
  }
  /// Of queries or keys: never with a bias.
  void head_norm(WeightRole role, const std::string& module, std::int64_t size) {
    shapes_.push_back({role, path_ + module, size, 1, 0, layer_});
  }
  void linear(WeightRole role, const char* module, std::int64_t out, std::int64_t in, bool bias) {
    shapes_.push_back({role, path_ + module, out, in, bias ? out : 0, layer_});
  }

 private:
  std::vector<WeightShape>& shapes_;
  const ModelConfig& config_;
  std::string path_;
  int layer_;
};

void add_norms(BlockShapes& block, const ModelConfig& c) {
  using enum WeightRole;
  switch (c.norm_places) {
    case NormPlaces::before:
      block.norm(norm_before_attention, "input_layernorm");
      if (!c.shared_norm) block.norm(norm_before_mlp, "post_attention_layernorm");
      break;
    case NormPlaces::after:
      block.norm(norm_after_attention, "post_attention_layernorm");
      block.norm(norm_after_mlp, "post_feedforward_layernorm");
      break;
    case NormPlaces::around:
      block.norm(norm_before_attention, "input_layernorm");
      block.norm(norm_after_attention, "post_attention_layernorm");
      block.norm(norm_before_mlp, "pre_feedforward_layernorm");
      block.norm(norm_after_mlp, "post_feedforward_layernorm");
      break;
  }
  const auto of_heads = [&](WeightRole role, const char* letter, std::int64_t heads) {
    const std::string module = std::string("self_attn.") + letter;
    if (c.qk_norm == QkNorm::head) block.head_norm(role, module + "_norm", c.head_dim);
    if (c.qk_norm == QkNorm::whole) block.head_norm(role, module + "_norm", heads * c.head_dim);
    if (c.qk_norm == QkNorm::each_head)
      for (std::int64_t i = 0; i < heads; ++i)
        block.head_norm(role, module + "_layernorm.norms." + std::to_string(i), c.head_dim);
  };
  of_heads(q_norm, "q", c.heads);
  of_heads(k_norm, "k", c.kv_heads);
}

void add_block(std::vector<WeightShape>& shapes, const ModelConfig& c, const std::string& path, int layer) {
  using enum WeightRole;
  const std::int64_t width = c.heads * c.head_dim, kv = c.kv_heads * c.head_dim, h = c.hidden_size;
  BlockShapes block(shapes, c, path, layer);
  add_norms(block, c);
  if (c.qkv == Qkv::by_head) {
    block.linear(qkv, "attention.query_key_value", 3 * width, h, c.qkv_bias);
    block.linear(o, "attention.dense", h, width, c.output_bias);
    block.linear(up, "mlp.dense_h_to_4h", c.intermediate_size, h, c.mlp_bias);
    block.linear(down, "mlp.dense_4h_to_h", h, c.intermediate_size, c.mlp_bias);
    return;
  }
  if (c.qkv == Qkv::stacked) {
    block.linear(qkv, "self_attn.qkv_proj", width + 2 * kv, h, c.qkv_bias);
  } else {
    block.linear(q, "self_attn.q_proj", width, h, c.qkv_bias);
    block.linear(k, "self_attn.k_proj", kv, h, c.qkv_bias);
    block.linear(v, "self_attn.v_proj", kv, h, c.qkv_bias);
  }
  block.linear(o, "self_attn.o_proj", h, width, c.output_bias);
  if (c.fused_gate_up) {
    block.linear(gate_up, "mlp.gate_up_proj", 2 * c.intermediate_size, h, c.mlp_bias);
  } else {
    block.linear(gate, "mlp.gate_proj", c.intermediate_size, h, c.mlp_bias);
    block.linear(up, "mlp.up_proj", c.intermediate_size, h, c.mlp_bias);
  }
  block.linear(down, "mlp.down_proj", h, c.intermediate_size, c.mlp_bias);
}

bool neox(const ModelConfig& config) { return config.architecture == Architecture::gpt_neox; }

}  // namespace

std::string_view WeightShape::name() const {
  const std::string_view path = module;
  return path.substr(path.rfind('.') + 1);  // the whole path where it has one part
}

std::vector<WeightShape> weight_shapes(const ModelConfig& config) {
  std::vector<WeightShape> shapes;
  const std::string root = neox(config) ? "gpt_neox." : "model.";
  const int last = static_cast<int>(config.layers);
  shapes.push_back({WeightRole::embedding, root + (neox(config) ? "embed_in" : "embed_tokens"), config.vocab_size,
                    config.hidden_size, 0, -1});
  for (int i = 0; i < last; ++i) add_block(shapes, config, root + "layers." + std::to_string(i) + ".", i);
  BlockShapes(shapes, config, root, last).norm(WeightRole::final_norm, neox(config) ? "final_layer_norm" : "norm");
  if (!config.tied_embeddings)
    shapes.push_back({WeightRole::head, head_module(config), config.vocab_size, config.hidden_size, 0, last});
  return shapes;
}

std::set<std::string, std::less<>> adapted_projections(const ModelConfig& config, const LoraSpec& lora) {
  std::set<std::string, std::less<>> projections;
  for (const WeightShape& shape : weight_shapes(config))
    if (shape.projection()) projections.emplace(shape.name());
  for (const std::string& target : lora.targets) {
    if (projections.contains(target)) continue;
    std::string names;
    for (const std::string& name : projections) names += (names.empty() ? "" : ", ") + name;
    throw key_error("model.lora.targets", Message::tr("this model has no projection \"%1\"; it has %2", target, names));
  }
  if (lora.targets.empty()) return projections;
  return {lora.targets.begin(), lora.targets.end()};
}

std::string head_module(const ModelConfig& config) { return neox(config) ? "embed_out" : "lm_head"; }

}  // namespace bandscope::model
