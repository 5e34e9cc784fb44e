// SPDX-License-Identifier: Apache-2.0
// Which files of a folder its weights are: the one place that decides it for loading, hashing and looking.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/message/message.h"

namespace bandscope::model {

struct WeightChoice {
  std::vector<std::filesystem::path> files;     ///< each once; those of an index in the order of their names
  std::filesystem::path index;                  ///< empty: a single file
  std::map<std::string, std::string> shard_of;  ///< by tensor, as the index says
  Message note;                                 ///< what lies beside them and is not used, where that may surprise
};

/// As transformers chooses: model.safetensors where it is there, else the shards that model.safetensors.index.json
/// names. DataError where neither is there, or the index names a tensor twice or a file outside of the folder.
WeightChoice choose_weight_files(const std::filesystem::path& model_dir);
/// As PEFT chooses: adapter_model.safetensors, whether or not adapter_model.bin lies beside it.
WeightChoice choose_adapter_files(const std::filesystem::path& folder);

}  // namespace bandscope::model
