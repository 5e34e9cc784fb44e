// SPDX-License-Identifier: Apache-2.0
// doc_to_text, doc_to_target and doc_to_choice: a column's name, a template, or a value.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "training/evaluation/task_config.h"
#include "training/text/task_template.h"

namespace bandscope::evaluation {

class FieldSource {
 public:
  /// `columns`: of the evaluated documents; a source that is one of their names is that column.
  FieldSource(const TaskConfig& task, const std::string& key, const Json& source, const std::set<std::string>& columns);

  /// What a document gives. Throws DataError that names the key and what is missing.
  Json value(const Json& document) const;
  /// The same for text that is asked: a text, or the number that a template of digits makes where there are choices.
  Json text(const Json& document) const;
  /// The same for the answer, which may be a list.
  Json target(const Json& document) const;
  /// Of doc_to_choice: at least one text.
  std::vector<std::string> choices(const Json& document) const;

 private:
  std::string place_;
  bool has_choices_ = false;
  std::string column_;  ///< empty: a template or a value
  Json constant_;
  std::optional<text::TaskTemplate> template_;
};

}  // namespace bandscope::evaluation
