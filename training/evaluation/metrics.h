// SPDX-License-Identifier: Apache-2.0
// Metrics of one document, their means and standard errors.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "training/evaluation/task.h"

namespace bandscope::evaluation {

/// What a model said of one document.
struct Answers {
  std::vector<double> log_likelihoods;  ///< of the continuations, in nats
  std::vector<bool> greedy;             ///< whether each is what the model would have written
  std::vector<std::string> texts;       ///< what it wrote, once per repetition
};

/// A document's values, by metric: 0 or 1.
using Scores = std::map<std::string, double>;
/// Of a task with choices or a text that is to be expected.
Scores score_likelihoods(const TaskConfig& task, const TaskItem& item, const Answers& answers);
/// The number of the choice that acc, acc_norm or acc_bytes takes for the answer; none of other metrics and tasks.
std::optional<std::size_t> chosen(const std::string& metric, const TaskItem& item, const Answers& answers);
/// Of an answer as a filter leaves it.
Scores score_text(const TaskConfig& task, const TaskItem& item, const Json& answer);

struct Mean {
  double value = 0;
  std::optional<double> error;  ///< standard error: sample deviation / sqrt(n); nothing for a single value
};
Mean mean_of(std::span<const double> values);

/// Of members with these values, errors and sizes: weighted by size with the pooled error, or plain.
Mean pooled(std::span<const Mean> members, std::span<const std::int64_t> sizes, bool weight_by_size);

}  // namespace bandscope::evaluation
