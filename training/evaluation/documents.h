// SPDX-License-Identifier: Apache-2.0
// The documents of a task's splits.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "training/evaluation/task_config.h"

namespace bandscope::evaluation {

struct Documents {
  std::vector<Json> rows;         ///< objects, each with all columns (null where its row has none)
  std::set<std::string> columns;  ///< of all rows
  std::filesystem::path source;   ///< for messages
  std::vector<std::filesystem::path> files;
};

/// A split of a task's data. `data` is the folder below which names on the hub are looked up (empty: none given).
/// Throws SpecError where the task names no such data, DataError where they cannot be read.
Documents load_documents(const TaskConfig& task, const std::string& split, const std::filesystem::path& data);

}  // namespace bandscope::evaluation
