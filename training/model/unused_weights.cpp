// SPDX-License-Identifier: Apache-2.0
#include "training/model/unused_weights.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "core/input/printable.h"
#include "training/model/weight_shapes.h"

namespace bandscope::model {
namespace {

/// Older versions of transformers saved these, and its own models pass them over.
bool is_buffer(std::string_view name) {
  for (const std::string_view end : {".rotary_emb.inv_freq", ".attention.bias", ".attention.masked_bias"})
    if (name.ends_with(end)) return true;
  return false;
}

}  // namespace

Message unused_weights(const ModelConfig& config, const std::vector<std::string>& tensors,
                       const std::filesystem::path& file) {
  constexpr std::size_t most = 3;
  std::set<std::string, std::less<>> places = {head_module(config) + ".weight"};
  for (const WeightShape& shape : weight_shapes(config)) {
    places.insert(shape.module + ".weight");
    if (shape.bias > 0) places.insert(shape.module + ".bias");
  }
  const auto part_of_4_bits = [&](std::string_view name) {
    const std::size_t weight = name.rfind(".weight.");
    return config.stored_nf4 && weight != name.npos && places.contains(name.substr(0, weight + 7));
  };
  std::string named;
  std::size_t count = 0;
  for (const std::string& name : tensors) {
    if (places.contains(name) || is_buffer(name) || part_of_4_bits(name)) continue;
    if (++count <= most) named += (named.empty() ? "\"" : ", \"") + printable(name) + "\"";
  }
  if (count == 0) return {};
  if (count > most) named += ", …";
  return Message::at(file, Message::tr("tensors that the model of config.json has no place for are not used, %1 in "
                                       "all: %2",
                                       count, named));
}

}  // namespace bandscope::model
