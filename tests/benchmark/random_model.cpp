// SPDX-License-Identifier: Apache-2.0
#include "tests/benchmark/random_model.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "training/model/safetensors.h"
#include "training/model/weight_shapes.h"

namespace bandscope::benchmark {
model::ModelConfig write_random_model(const std::filesystem::path& folder, const std::string& config_json) {
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "config.json") << config_json;
  model::ModelConfig config = model::ModelConfig::parse(config_json, "config.json");
  // Drawing billions of numbers takes longer than what is measured with them: every matrix is a piece of one pool.
  constexpr std::int64_t least_pool = 1 << 20;
  std::int64_t largest = least_pool;
  const std::vector<model::WeightShape> shapes = model::weight_shapes(config);
  for (const model::WeightShape& shape : shapes) largest = std::max(largest, shape.out * shape.in);
  const at::Tensor pool = at::randn({largest}).mul_(0.02).to(at::kBFloat16);
  std::map<int, std::map<std::string, at::Tensor>> shards;
  for (const model::WeightShape& shape : shapes) {
    const std::string& name = shape.module;
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
