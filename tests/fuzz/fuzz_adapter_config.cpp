// SPDX-License-Identifier: Apache-2.0
// Any adapter_config.json; the numbers of one that is accepted are those of an adapter that could be.
#include <cmath>
#include <cstdint>

#include "core/error.h"
#include "core/spec/key_rules.h"
#include "training/model/adapter_config.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto config =
        bandscope::model::AdapterConfig::parse({reinterpret_cast<const char*>(data), size}, "adapter_config.json");
    if (config.rank < 1 || config.rank > bandscope::kMostRank) __builtin_trap();
    if (!std::isfinite(config.alpha) || !std::isfinite(config.scale_of("model.layers.0.self_attn.q_proj")))
      __builtin_trap();
  } catch (const bandscope::DataError&) {
    // A refusal with a sentence is what broken files should get.
  }
  return 0;
}
