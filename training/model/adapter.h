// SPDX-License-Identifier: Apache-2.0
// LoRA adapters (Hu et al., 2022), in and out of PEFT folders (adapter_config.json, adapter_model.safetensors).
#pragma once

#include <ATen/core/Generator.h>

#include <filesystem>

#include "core/spec/run_spec.h"
#include "training/model/adapter_config.h"
#include "training/model/decoder.h"

namespace bandscope::model {

/// Adds fresh adapters to the decoder's chosen projections: A uniform in ±1/sqrt(in) (PEFT's Kaiming initialisation),
/// B zero, both float32 and trained. Throws SpecError when a target is no projection of this model.
AdapterConfig add_adapter(Decoder& decoder, const LoraSpec& spec, at::Generator generator);
/// Loads the adapter of a PEFT folder. Throws DataError on kinds that this engine does not compute (DoRA, biases,
/// modules to save, …) by name, and on tensors that fit no projection.
AdapterConfig load_adapter(Decoder& decoder, const std::filesystem::path& folder);
/// Writes a PEFT folder. Throws RunError.
void save_adapter(const Decoder& decoder, const AdapterConfig& config, const std::string& base_model,
                  const std::filesystem::path& folder);

}  // namespace bandscope::model
