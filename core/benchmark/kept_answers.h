// SPDX-License-Identifier: Apache-2.0
// What a run keeps of each evaluation, RUN/evaluation/STEP/samples_TASK.jsonl and results.json there (specification,
// section 6): every item's score and answer. Files of lm-evaluation-harness have the same layout and are read as well.
// All of them may be hostile: types and sizes are checked, a line that is none of ours is left out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/benchmark/paired_test.h"
#include "core/record/columns.h"

namespace bandscope {

/// Where a run keeps the evaluation after `step` steps; `record` is its run.h5.
std::filesystem::path evaluation_folder(const std::filesystem::path& record, std::int64_t step);

/// An item as one filter leaves its answer.
struct AnsweredItem {
  std::int64_t doc = 0;  ///< number of the document in its split, from 0
  std::string hash;      ///< of the document: two runs were asked the same where both are equal
  std::string filter;
  std::string question;                       ///< without examples; of other programs' files the whole context
  std::vector<std::string> choices;           ///< empty where the model was to write
  std::string target;                         ///< the right answer, of a choice its text
  std::string text;                           ///< what the model wrote, as the filter leaves it
  std::map<std::string, double> scores;       ///< by metric
  std::map<std::string, std::size_t> chosen;  ///< by metric: the choice that it counts as the answer
  /// What the metric counts as the answer.
  const std::string& answer(const std::string& metric) const;
};

/// All items of a samples file, in its order. DataError where it cannot be read, is larger than 256 MiB, or has no
/// line that can be used.
std::vector<AnsweredItem> read_answers(const std::filesystem::path& file);
/// The items of `task` in the folder of an evaluation. DataError as above, and for a name that is no file's.
std::vector<AnsweredItem> read_task_answers(const std::filesystem::path& folder, const std::string& task);

/// A number of a benchmark: the columns of /evaluation that say which.
struct BenchmarkKey {
  std::string task, metric, filter;
  bool operator==(const BenchmarkKey&) const = default;
  bool operator<(const BenchmarkKey& other) const {
    return std::tie(task, metric, filter) < std::tie(other.task, other.metric, other.filter);
  }
};

struct ScoredItem {
  std::int64_t doc = 0;
  std::string task, hash;
  double score = 0;
};

/// The scores of one evaluation, without texts.
struct BenchmarkScores {
  std::int64_t step = -1;                                   ///< -1: none
  bool names_only = false;                                  ///< the items are not read
  std::map<BenchmarkKey, std::vector<ScoredItem>> items;    ///< of tasks, and of groups those of all their tasks
  std::map<std::string, std::string> aliases;               ///< of tasks and groups, as the task file names them
  std::map<std::string, std::vector<std::string>> members;  ///< of groups: tasks and groups
  std::string alias(const std::string& task) const;
  /// True for tasks and groups that are no group's member.
  bool top(const std::string& task) const;
};

/// Of rows of /evaluation those of one step, and of the last one.
std::vector<EvaluationRow> evaluation_at(std::span<const EvaluationRow> rows, std::int64_t step);
std::vector<EvaluationRow> last_evaluation(std::span<const EvaluationRow> rows);

/// Names and groups of the evaluation that `rows` of /evaluation, all of one step, are of, without the items.
BenchmarkScores read_benchmark_names(const std::filesystem::path& record, const std::vector<EvaluationRow>& rows);
/// All that the run keeps of it, which takes seconds where there are many items; the names alone where `stop` was asked
/// for. What is not there or cannot be read is left out.
BenchmarkScores read_benchmark_scores(const std::filesystem::path& record, const std::vector<EvaluationRow>& rows,
                                      const std::stop_token& stop = {});

/// The test over the items that both have.
PairedResult compare_items(const std::vector<ScoredItem>& first, const std::vector<ScoredItem>& second);

}  // namespace bandscope
