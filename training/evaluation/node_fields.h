// SPDX-License-Identifier: Apache-2.0
// Typed values of a task file's map; what is not asked for is refused.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "training/evaluation/task_yaml.h"

namespace bandscope::evaluation {

class NodeFields {
 public:
  /// `allowed`: all keys that the map may have. SpecError names the first other one, and the allowed ones.
  NodeFields(const TaskNode& map, std::string_view what, std::initializer_list<std::string_view> allowed);

  bool has(std::string_view key) const { return get(key) != nullptr; }
  /// Null where the key is missing or its value is null. Refuses a Python function.
  const TaskNode* get(std::string_view key) const;
  std::string text(std::string_view key, const std::string& absent) const;
  bool flag(std::string_view key, bool absent) const;
  std::int64_t whole(std::string_view key, std::int64_t absent, std::int64_t least, std::int64_t most) const;
  double number(std::string_view key, double absent, double least, double most) const;
  /// A list of texts, or one text.
  std::vector<std::string> texts(std::string_view key) const;
  const std::vector<TaskNode>& list(std::string_view key) const;
  [[noreturn]] void fail_type(std::string_view key, const Message& needed) const;

 private:
  const TaskNode& map_;
};

/// Refuses Python functions anywhere below, naming the key.
void refuse_functions(const TaskNode& node, const std::string& key);

}  // namespace bandscope::evaluation
