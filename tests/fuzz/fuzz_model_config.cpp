// SPDX-License-Identifier: Apache-2.0
// Any config.json; the numbers of one that is accepted are those of a model that could be.
#include <cstdint>
#include <string>

#include "core/error.h"
#include "training/model/config.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto config =
        bandscope::model::ModelConfig::parse({reinterpret_cast<const char*>(data), size}, "config.json");
    if (config.layers < 0 || config.heads <= 0 || config.kv_heads <= 0 || config.hidden_size <= 0) __builtin_trap();
    if (config.windows.size() > static_cast<std::size_t>(config.layers)) __builtin_trap();
  } catch (const bandscope::DataError&) {
    // A refusal with a sentence is what broken files should get.
  }
  return 0;
}
