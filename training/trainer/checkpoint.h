// SPDX-License-Identifier: Apache-2.0
// Checkpoints: RUN/checkpoint-00000120/{adapter or model files, optimizer.safetensors, trainer.json, DONE}. Everything
// that an exact continuation needs; DONE is written last, and a folder without it does not count. Folders of any other
// name (checkpoint-best) are the user's: they are neither gone on from nor removed.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/schema/message.h"
#include "training/model/adapter.h"
#include "training/model/decoder.h"
#include "training/optimizer/sharded_optimizer.h"
#include "training/trainer/trainer_state.h"

namespace bandscope::trainer {

struct CheckpointContent {
  const model::Decoder& decoder;
  const std::map<std::string, at::Tensor>& optimizer;  ///< its whole state
  const model::AdapterConfig* adapter;                 ///< nullptr: full tuning
  std::filesystem::path model_source;                  ///< folder that the model came from
  nlohmann::json trainer;                              ///< step, averages, generators, alert state
};

/// Writes the checkpoint of `step` and removes all but the newest `keep` up to it. Returns its folder. Throws RunError,
/// before anything is written where a weight is not finite.
std::filesystem::path save_checkpoint(const std::filesystem::path& run_folder, std::int64_t step, int keep,
                                      const CheckpointContent& content);
/// The newest checkpoint of a run that was written to its end, by the step in its trainer.json.
std::optional<std::filesystem::path> newest_checkpoint(const std::filesystem::path& run_folder);

struct UsableCheckpoint {
  std::filesystem::path folder;
  nlohmann::json state;              ///< its trainer.json
  std::vector<Message> passed_over;  ///< newer ones that cannot be used, with the reason
};
/// The newest checkpoint whose files are as they were written, of at most the `recorded` steps that the record has;
/// nothing where the run has no checkpoint. Throws DataError where none of them can be used, or a trainer.json has
/// values that no run writes.
std::optional<UsableCheckpoint> usable_checkpoint(const std::filesystem::path& run_folder, std::int64_t recorded);
/// Puts weights (or adapters) and optimizer state back, in every process of the group: rank 0 reads them, `checkpoint`
/// is its affair alone. Throws DataError.
void load_checkpoint(const std::filesystem::path& checkpoint, model::Decoder& decoder,
                     optimizer::ShardedOptimizer& optimizer, parallel::Group& group);

}  // namespace bandscope::trainer
