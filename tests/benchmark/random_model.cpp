// SPDX-License-Identifier: Apache-2.0
#include "tests/benchmark/random_model.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "training/model/safetensors.h"
#include "training/plan/shapes.h"

namespace bandscope::benchmark {
namespace {

/// Where a block's module lies in its architecture's names.
std::string place_of(const std::string& module) {
  if (module.starts_with("dense_")) return "mlp.";
  if (module == "query_key_value" || module == "dense") return "attention.";
  if (module == "gate_proj" || module == "up_proj" || module == "down_proj") return "mlp.";
  return module.ends_with("_proj") ? "self_attn." : "";
}

std::string name_of(const plan::WeightShape& shape, const model::ModelConfig& config) {
  const bool neox = config.fused_qkv;
  const std::string root = neox ? "gpt_neox." : "model.";
  if (shape.module == "embeddings") return root + (neox ? "embed_in" : "embed_tokens");
  if (shape.module == "head") return neox ? "embed_out" : "lm_head";
  if (shape.module == "norm") return root + (neox ? "final_layer_norm" : "norm");
  return root + "layers." + std::to_string(shape.layer) + "." + place_of(shape.module) + shape.module;
}

}  // namespace

model::ModelConfig write_random_model(const std::filesystem::path& folder, const std::string& config_json) {
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "config.json") << config_json;
  model::ModelConfig config = model::ModelConfig::parse(config_json, "config.json");
  // Drawing billions of numbers takes longer than what is measured with them: every matrix is a piece of one pool.
  constexpr std::int64_t least_pool = 1 << 20;
  std::int64_t largest = least_pool;
  const std::vector<plan::WeightShape> shapes = plan::weight_shapes(config);
  for (const plan::WeightShape& shape : shapes) largest = std::max(largest, shape.out * shape.in);
  const at::Tensor pool = at::randn({largest}).mul_(0.02).to(at::kBFloat16);
  std::map<int, std::map<std::string, at::Tensor>> shards;
  for (const plan::WeightShape& shape : shapes) {
    const std::string name = name_of(shape, config);
    const bool matrix = shape.in > 1;
    shards[shape.layer][name + ".weight"] = matrix ? pool.slice(0, 0, shape.out * shape.in).view({shape.out, shape.in})
                                                   : at::ones({shape.out}, at::kBFloat16);
    if (shape.bias > 0) shards[shape.layer][name + ".bias"] = at::zeros({shape.bias}, at::kBFloat16);
  }
  nlohmann::json index = {{"weight_map", nlohmann::json::object()}};
  for (const auto& [layer, tensors] : shards) {
    const std::string file = "model-" + std::to_string(layer + 1) + ".safetensors";
    model::write_safetensors(folder / file, tensors);
    for (const auto& [name, tensor] : tensors) index["weight_map"][name] = file;
  }
  std::ofstream(folder / "model.safetensors.index.json") << index.dump();
  return config;
}

}  // namespace bandscope::benchmark
