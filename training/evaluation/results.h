// SPDX-License-Identifier: Apache-2.0
// What an evaluation found: values of tasks and groups, and every document's answers, in lm-evaluation-harness's
// layout.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "training/evaluation/metrics.h"
#include "training/evaluation/task_set.h"

namespace bandscope::evaluation {

/// One number of a task or group.
struct MetricValue {
  std::string task, alias, metric, filter;
  Mean mean;
  std::int64_t samples = 0;
  bool group = false;
  bool higher_is_better = true;
};

/// A document's answer as a filter leaves it, and its scores.
struct ItemOutcome {
  Json filtered;
  Scores scores;
};

struct TaskResult {
  BuiltTask task;
  std::vector<Answers> answers;                                            ///< one per item
  std::vector<std::pair<std::string, std::vector<ItemOutcome>>> outcomes;  ///< per filter, one per item
  std::vector<MetricValue> values;
};

/// Filters, scores and means of a task whose answers are there.
void score(TaskResult& result);
/// Values of the groups, from those of their tasks.
std::vector<MetricValue> group_values(const TaskSet& tasks, const std::vector<TaskResult>& results);

/// What was evaluated, for the results file.
struct ModelAbout {
  std::string name;    ///< as a person calls it
  std::string source;  ///< folder
  Json config = Json::object();
};

/// results.json.
Json results_json(const TaskSet& tasks, const std::vector<TaskResult>& results, const ModelAbout& model);
/// Of the texts of an item: all, as the harness keeps them; or what a run keeps of each of its evaluations: neither the
/// document nor the examples before the question, every text cut to kKeptBytes, and which choice each metric took.
enum class SampleTexts { all, kept };
inline constexpr std::size_t kKeptBytes = 4096;
/// The lines of samples_TASK.jsonl, one per filter and document.
void each_sample(const TaskResult& result, SampleTexts texts, const std::function<void(const std::string&)>& handler);
/// Writes both kinds of files into `folder`, which is made. Throws RunError.
void write_results(const std::filesystem::path& folder, const TaskSet& tasks, const std::vector<TaskResult>& results,
                   const ModelAbout& model, SampleTexts texts = SampleTexts::all);
/// A table for people, values with standard errors; of several models one column each, and its difference from the
/// first.
std::string results_table(const std::vector<std::pair<std::string, std::vector<MetricValue>>>& models);
/// All values of an evaluation: tasks, then groups.
std::vector<MetricValue> all_values(const TaskSet& tasks, const std::vector<TaskResult>& results);

}  // namespace bandscope::evaluation
