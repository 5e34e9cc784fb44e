// SPDX-License-Identifier: Apache-2.0
// YAML of a task file as a tree that knows where each of its values stands. Values are typed as PyYAML types them
// (YAML 1.1: yes and no are truth values), since that is what lm-evaluation-harness reads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"

namespace bandscope::evaluation {

using Json = nlohmann::ordered_json;

struct TaskNode {
  enum class Kind { scalar, list, map, function };
  Kind kind = Kind::scalar;
  Json scalar;                                            ///< null, truth value, number or text
  std::string text;                                       ///< a scalar as it is written, and what !function names
  std::vector<TaskNode> items;                            ///< of a list
  std::vector<std::pair<std::string, TaskNode>> entries;  ///< of a map, in the file's order
  std::shared_ptr<const std::filesystem::path> file;
  int line = 0;  ///< from 1

  bool is_null() const { return kind == Kind::scalar && scalar.is_null(); }
  bool is_text() const { return kind == Kind::scalar && scalar.is_string(); }
  /// The value of a map's key, or null.
  const TaskNode* find(std::string_view key) const;
  /// Everything below as JSON.
  Json json() const;
  /// SpecError "FILE, line N: PROBLEM".
  [[noreturn]] void fail(const Message& problem) const;
};

/// Most of one task file that is read: bytes, values (aliases written out) and nesting.
inline constexpr std::uint64_t kMostTaskBytes = std::uint64_t{4} << 20;
inline constexpr std::size_t kMostTaskValues = 200'000;

/// The file's map, without what it includes. Throws SpecError for text that is no YAML map or beyond those bounds, and
/// DataError when it cannot be read.
TaskNode read_task_yaml(const std::filesystem::path& file);
/// The same of a text; `file` is for messages.
TaskNode parse_task_yaml(const std::string& text, const std::filesystem::path& file);

}  // namespace bandscope::evaluation
