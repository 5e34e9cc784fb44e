// SPDX-License-Identifier: Apache-2.0
// One task of lm-evaluation-harness 0.4.13 as its file describes it. Every key is read or refused: none is passed over.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "training/evaluation/task_yaml.h"

namespace bandscope::evaluation {

enum class OutputType { multiple_choice, loglikelihood, generate_until };
std::string_view to_string(OutputType type);

struct MetricSpec {
  std::string name;  ///< acc, acc_norm, acc_bytes, exact_match
  bool higher_is_better = true;
  bool ignore_case = false, ignore_punctuation = false, ignore_numbers = false;  ///< exact_match
  std::vector<std::string> regexes_to_ignore;                                    ///< exact_match
};

enum class FilterKind { regex, take_first, remove_whitespace, lowercase, uppercase, map, majority_vote };

struct FilterStep {
  FilterKind kind = FilterKind::take_first;
  std::string pattern = R"(#### (\-?[0-9\.\,]+))";
  std::int64_t group_select = 0;
  std::string fallback = "[invalid]";
  Json mapping = Json::object();  ///< of map
  Json otherwise;                 ///< of map: for what is not among its keys
};

/// What is made of the answers before they are compared, one step after the other.
struct FilterSpec {
  std::string name = "none";
  std::vector<FilterStep> steps = {FilterStep{}};
};

struct GenerationSpec {
  std::vector<std::string> until;
  std::int64_t max_tokens = 256;
  bool sample = false;
  double temperature = 0.0;
  std::optional<double> top_p;    ///< nullopt: as the model has it
  Json written = Json::object();  ///< as the results show it
};

struct TaskConfig {
  std::string name, alias;
  std::filesystem::path file;
  OutputType output = OutputType::generate_until;

  std::string dataset_path, dataset_name;  ///< dataset_path: json, parquet, or a name on the hub
  std::map<std::string, std::vector<std::filesystem::path>> data_files;  ///< by split, absolute
  std::optional<std::string> test_split, validation_split, training_split, fewshot_split;

  std::string description;
  Json doc_to_text, doc_to_target, doc_to_choice;  ///< template or column; a number; of choices also a list; null
  std::string target_delimiter = " ", fewshot_delimiter = "\n\n";
  std::optional<std::int64_t> shots;
  bool first_n = false;
  Json fewshot_text, fewshot_target, fewshot_choice;  ///< of examples instead; null: the same
  std::optional<std::vector<Json>> samples;           ///< few-shot documents written in the file

  GenerationSpec generation;
  std::vector<FilterSpec> filters;
  std::vector<MetricSpec> metrics;
  std::int64_t repeats = 1;
  std::string version = "Yaml";
  Json written;                      ///< the whole configuration, for the results
  std::map<std::string, int> lines;  ///< where each key stands

  /// "FILE, line N: doc_to_text", which begins what is said about a key.
  std::string place(const std::string& key) const;
};

/// The task that a map describes. SpecError names file, line and key, and what is allowed.
TaskConfig read_task(const TaskNode& map);

}  // namespace bandscope::evaluation
