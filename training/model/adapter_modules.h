// SPDX-License-Identifier: Apache-2.0
// Which projections of a model the tensors of a PEFT folder adapt: for the decoder that loads them and for the plan.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "training/model/config.h"

namespace bandscope::model {

/// "base_model.model.MODULE.lora_A.weight"; `which` is "A" or "B".
std::string adapter_tensor(const std::string& module, const char* which);

/// Paths of the projections that adapter tensors of these names are for. Throws DataError, naming `file`, at a tensor
/// that fits no projection of this model or that lacks its other half.
std::set<std::string> adapted_modules(const ModelConfig& config, const std::vector<std::string>& tensors,
                                      const std::filesystem::path& file);

/// The same of a PEFT folder, of whose tensors only the header is read. Throws DataError as safetensors files do.
std::set<std::string> adapted_modules(const ModelConfig& config, const std::filesystem::path& folder);

/// What a PEFT configuration calls them: the last part of a path where every projection of that name is adapted, else
/// the path.
std::vector<std::string> target_modules(const ModelConfig& config, const std::set<std::string>& modules);

}  // namespace bandscope::model
