// SPDX-License-Identifier: Apache-2.0
// A model folder made from a config.json alone: every weight random, in bfloat16, nothing downloaded.
#pragma once

#include <filesystem>
#include <string>

#include "training/model/config.h"

namespace bandscope::benchmark {

/// Writes config.json and safetensors shards, one per block, into `folder`, and returns what the config says.
model::ModelConfig write_random_model(const std::filesystem::path& folder, const std::string& config_json);

}  // namespace bandscope::benchmark
