// SPDX-License-Identifier: Apache-2.0
#include "training/model/layer_kinds.h"

#include <algorithm>

namespace bandscope::model {
namespace {

using Json = nlohmann::json;

/// `layer_types` as true where a layer slides.
std::vector<bool> sliding_types(const ConfigKeys& keys, std::size_t layers) {
  const Json& types = keys["layer_types"];
  if (!types.is_array() || types.size() != layers) keys.fail("layer_types", Message::tr("needs one entry per layer"));
  std::vector<bool> sliding;
  for (const Json& type : types) {
    if (type != "sliding_attention" && type != "full_attention")
      keys.fail("layer_types", Message::tr("knows full_attention and sliding_attention only"));
    sliding.push_back(type == "sliding_attention");
  }
  return sliding;
}

/// How a family says which layers slide.
struct Sliding {
  bool on = false;           ///< sliding layers look back a window; else there are none
  bool by_type = false;      ///< `layer_types` rules; elsewhere it may only say the same
  std::int64_t absent = 0;   ///< the window where the key is not there at all; null is none
  std::vector<bool> layers;  ///< where `layer_types` is not there
};

Sliding sliding_of(const ConfigKeys& keys, const ModelConfig& config) {
  const auto count = static_cast<std::size_t>(config.layers);
  Sliding result;
  result.layers.assign(count, false);
  const auto from = [&](std::int64_t first) {
    for (std::size_t i = static_cast<std::size_t>(std::clamp<std::int64_t>(first, 0, config.layers)); i < count; ++i)
      result.layers[i] = true;
  };
  const auto all_but_every = [&](std::int64_t every) {
    for (std::size_t i = 0; i < count; ++i) result.layers[i] = (i + 1) % static_cast<std::size_t>(every) != 0;
  };
  switch (config.architecture) {
    case Architecture::mistral:
      result.on = true;
      result.absent = 4096;
      from(0);
      break;
    case Architecture::phi3:
      result.on = true;
      from(0);
      break;
    case Architecture::qwen2:
    case Architecture::qwen3:
      result.on = keys.boolean("use_sliding_window", false);
      result.by_type = true;
      result.absent = 4096;
      from(keys.integer("max_window_layers", 28));
      break;
    case Architecture::smollm3:
      result.on = keys.boolean("use_sliding_window", false);
      result.by_type = true;
      for (std::size_t i = 0; i < count; ++i) result.layers[i] = config.layer_ropes[i] == LayerRope::none;
      break;
    case Architecture::gemma2:
      result.on = result.by_type = true;
      result.absent = 4096;
      all_but_every(2);
      break;
    case Architecture::gemma3:
      result.on = result.by_type = true;
      result.absent = 4096;
      all_but_every(keys.positive("sliding_window_pattern", most_layers,
                                  keys.positive("_sliding_window_pattern", most_layers, 6)));
      break;
    default:
      break;
  }
  return result;
}

/// SmolLM3: 1 for a layer whose positions rotate.
void read_rotating_layers(const ConfigKeys& keys, ModelConfig& config) {
  const auto count = static_cast<std::size_t>(config.layers);
  config.layer_ropes.assign(count, LayerRope::main);
  if (config.architecture != Architecture::smollm3) return;
  if (!keys.has("no_rope_layers")) {
    const auto every = static_cast<std::size_t>(keys.positive("no_rope_layer_interval", most_layers, 4));
    for (std::size_t i = every - 1; i < count; i += every) config.layer_ropes[i] = LayerRope::none;
    return;
  }
  const Json& rotating = keys["no_rope_layers"];
  if (!rotating.is_array() || rotating.size() < count)
    keys.fail("no_rope_layers", Message::tr("needs one entry per layer"));
  for (std::size_t i = 0; i < count; ++i) {
    if (rotating[i] != 0 && rotating[i] != 1)
      keys.fail("no_rope_layers", Message::tr("has entries other than 0 and 1"));
    if (rotating[i] == 0) config.layer_ropes[i] = LayerRope::none;
  }
}

}  // namespace

void read_layer_kinds(const ConfigKeys& keys, ModelConfig& config) {
  read_rotating_layers(keys, config);
  Sliding kinds = sliding_of(keys, config);
  const auto count = static_cast<std::size_t>(config.layers);
  const std::int64_t absent = keys.names("sliding_window") ? 0 : kinds.absent;
  const std::int64_t window = !kinds.on                    ? 0
                              : keys.has("sliding_window") ? keys.positive("sliding_window", most_positions)
                                                           : absent;
  if (keys.has("layer_types")) {
    const std::vector<bool> types = sliding_types(keys, count);
    if (kinds.by_type) {
      if (kinds.on && window == 0 && std::ranges::find(types, true) != types.end())
        keys.fail("sliding_window", Message::tr("is missing, and layer_types asks for it"));
      if (!kinds.on && std::ranges::find(types, true) != types.end())
        keys.fail("layer_types", Message::tr("has sliding layers, and use_sliding_window is not true"));
      kinds.layers = types;
    } else {
      for (std::size_t i = 0; i < count; ++i)
        if (types[i] != (window != 0 && kinds.layers[i]))
          keys.fail("layer_types",
                    Message::tr("says otherwise than this family's layers attend; kinds of attention by layer are "
                                "supported for qwen2, qwen3, smollm3, gemma2 and gemma3_text"));
    }
  }
  config.windows.assign(count, 0);
  for (std::size_t i = 0; i < count; ++i) {
    if (!kinds.layers[i]) continue;
    config.windows[i] = window;
    if (config.local_rope) config.layer_ropes[i] = LayerRope::local;
  }
}

}  // namespace bandscope::model
