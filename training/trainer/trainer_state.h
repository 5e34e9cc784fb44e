// SPDX-License-Identifier: Apache-2.0
// trainer.json of a checkpoint: what beside weights and moments an exact continuation needs.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

namespace bandscope::trainer {

/// Reads CHECKPOINT/trainer.json; every value that is used later has its type and lies in its range. Throws DataError
/// naming file and key.
nlohmann::json read_trainer_state(const std::filesystem::path& checkpoint);

}  // namespace bandscope::trainer
