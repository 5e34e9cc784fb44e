// SPDX-License-Identifier: Apache-2.0
// Asks a model what a task asks.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "training/evaluation/language_model.h"
#include "training/evaluation/results.h"

namespace bandscope::evaluation {

/// Work done and in all, in whatever the task is counted in.
using TaskProgress = std::function<void(std::int64_t done, std::int64_t total)>;

/// Throws DataError, which names task and document, where the model cannot be asked what a task asks: before hours are
/// spent on what comes before.
void check(const LanguageModel& model, const BuiltTask& task);

/// The answers to a task's items. Uses no generator but its own and leaves the model as it is.
std::vector<Answers> ask(const LanguageModel& model, const BuiltTask& task, const TaskProgress& progress = nullptr);

/// ask() and score().
TaskResult evaluate(const LanguageModel& model, BuiltTask task, const TaskProgress& progress = nullptr);

}  // namespace bandscope::evaluation
