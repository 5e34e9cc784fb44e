// SPDX-License-Identifier: Apache-2.0
// A task with its documents: what a model is asked about each of them, to the letter as lm-evaluation-harness asks it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "training/evaluation/documents.h"
#include "training/evaluation/task_config.h"

namespace bandscope::evaluation {

/// A turn of a conversation, where contexts are given through the model's chat template.
struct Turn {
  std::string role, content;
};
/// A conversation as the model's template writes it, up to where the model goes on.
using ChatFormat = std::function<std::string(const std::vector<Turn>& turns)>;

/// One document and what is asked about it.
struct TaskItem {
  std::int64_t doc = 0;  ///< its number in the split, from 0
  Json document;
  Json target;  ///< what the answer is compared with: text, number of a choice, or a list of them
  /// A list of targets means that any of them is right; as the harness has it where the split's first document has a
  /// list, else the list is one target.
  bool several_targets = false;
  std::vector<std::string> choices;        ///< of a task that has them
  std::string question;                    ///< alone
  std::string context;                     ///< few-shot examples and question
  std::vector<std::string> continuations;  ///< whose likelihood is asked for; none where the model is to answer
};

struct TaskOptions {
  std::filesystem::path data;         ///< below it are the data sets that have a name on the hub
  std::optional<std::int64_t> shots;  ///< instead of the task's own, unless that is 0
  std::int64_t limit = 0;             ///< the first so many documents; 0: all
  ChatFormat chat;                    ///< none: plain text
};

struct BuiltTask {
  TaskConfig config;
  std::int64_t shots = 0;
  std::int64_t documents = 0;  ///< of the split, without the limit
  std::vector<std::filesystem::path> files;
  std::vector<TaskItem> items;
};

/// Reads the documents and writes the contexts. Throws SpecError where the task file is wrong, DataError where a
/// document is: with file, row or document, and column.
BuiltTask build_task(const TaskConfig& config, const TaskOptions& options);

/// Python's str() of a value.
std::string python_text(const Json& value);

}  // namespace bandscope::evaluation
