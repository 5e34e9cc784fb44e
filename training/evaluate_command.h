// SPDX-License-Identifier: Apache-2.0
// `bandscope-engine evaluate` and `bandscope-engine generate`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "training/evaluated_weights.h"

namespace bandscope {

struct EvaluateArguments {
  std::vector<std::string> models;  ///< as find_weights() takes them
  std::vector<std::string> tasks;   ///< files and folders, also several with commas between
  std::string data, out;
  std::int64_t limit = 0, shots = -1;  ///< shots -1: the tasks' own
  bool chat = false, json = false;
  WeightsRequest weights;
};

/// Evaluates every model on every task, prints a table (or a line of JSON per model) and writes results.json and
/// samples_TASK.jsonl below `out`. What an evaluation that was cut off has left there is not computed again.
int evaluate_models(const EvaluateArguments& arguments);

struct GenerateArguments {
  std::string model, prompts, out;
  std::int64_t max_tokens = 512;
  double temperature = 0.0, top_p = 1.0;
  std::uint64_t seed = 0;
  bool chat = false, alpaca_eval = false;
  bool stream = false;  ///< answers on standard output as they grow, see AnswerStream
  WeightsRequest weights;
};

/// Answers every prompt of a file of JSON lines.
int generate_answers(const GenerateArguments& arguments);

}  // namespace bandscope
