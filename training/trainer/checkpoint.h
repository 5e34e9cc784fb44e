// SPDX-License-Identifier: Apache-2.0
// Checkpoints: RUN/checkpoint-00000120/{adapter or model files, optimizer.safetensors, trainer.json, DONE}. Everything that an
// exact continuation needs; DONE is written last, and a folder without it does not count.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "training/model/adapter.h"
#include "training/model/decoder.h"
#include "training/parallel/sharded_optimizer.h"

namespace bandscope {

struct CheckpointContent {
  const Decoder& decoder;
  const std::map<std::string, at::Tensor>& optimizer;  ///< its whole state
  const AdapterConfig* adapter;          ///< nullptr: full tuning
  std::filesystem::path model_source;    ///< folder that the model came from
  nlohmann::json trainer;                ///< step, averages, generators, alert state
};

/// Writes the checkpoint of `step` and removes all but the newest `keep`. Returns its folder. Throws RunError.
std::filesystem::path save_checkpoint(const std::filesystem::path& run_folder, std::int64_t step, int keep,
                                      const CheckpointContent& content);
/// The newest whole checkpoint of a run.
std::optional<std::filesystem::path> newest_checkpoint(const std::filesystem::path& run_folder);
nlohmann::json read_trainer_state(const std::filesystem::path& checkpoint);
/// Puts weights (or adapters) and optimizer state back, in every process of the group: rank 0 reads them, `checkpoint` is its
/// affair alone. Throws DataError.
void load_checkpoint(const std::filesystem::path& checkpoint, Decoder& decoder, ShardedOptimizer& optimizer, Group& group);

}  // namespace bandscope
