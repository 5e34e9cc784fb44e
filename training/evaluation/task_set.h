// SPDX-License-Identifier: Apache-2.0
// The tasks and groups that files of lm-evaluation-harness name, with what they include.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "training/evaluation/task_config.h"

namespace bandscope::evaluation {

/// How a group's members become one number.
struct AggregateSpec {
  std::string metric;
  std::optional<std::vector<std::string>> filters;  ///< nothing: all that the members have
  bool weight_by_size = true;
};

struct TaskGroup {
  std::string name, alias;
  std::vector<std::string> members;  ///< names of tasks and groups, in the file's order
  std::vector<AggregateSpec> aggregates;
  std::string version = "N/A";
};

struct TaskSet {
  std::vector<TaskConfig> tasks;  ///< each once
  std::vector<TaskGroup> groups;  ///< members before the groups they are in
  const TaskGroup* group(const std::string& name) const;
  const TaskConfig* task(const std::string& name) const;
  /// Names of the tasks of a group and of the groups in it.
  std::vector<std::string> leaves(const TaskGroup& group) const;
};

/// Files of tasks or groups; of a folder all .yaml files that name a task or group (others are there to be included).
/// A group's members are looked for among the files beside it and below. Throws SpecError and DataError.
TaskSet load_tasks(const std::vector<std::filesystem::path>& files_or_folders);

}  // namespace bandscope::evaluation
