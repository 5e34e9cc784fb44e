// SPDX-License-Identifier: Apache-2.0
// A Jinja template of a task file, filled with the columns of a document. Unlike a chat template's, its white space
// stays as written, and a column that is not there is an error.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

namespace bandscope::text {

class TaskTemplate {
 public:
  /// Throws DataError, beginning with `where`, naming the construct that is not understood.
  TaskTemplate(const std::string& source, std::string where);
  TaskTemplate(TaskTemplate&&) noexcept;
  ~TaskTemplate();
  /// `document` is an object. Throws DataError when the template fails on it.
  std::string render(const nlohmann::ordered_json& document) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bandscope::text
