// SPDX-License-Identifier: Apache-2.0
#include "training/evaluation/field_source.h"

#include <algorithm>
#include <cctype>

#include "core/input/json.h"
#include "core/input/printable.h"
#include "training/text/python_literal.h"

namespace bandscope::evaluation {
namespace {

/// Python's str.isdigit(), as far as a template prints digits.
bool only_digits(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

}  // namespace

FieldSource::FieldSource(const TaskConfig& task, const std::string& key, const Json& source,
                         const std::set<std::string>& columns)
    : place_(task.place(key)), has_choices_(!task.doc_to_choice.is_null()) {
  if (!source.is_string()) {
    constant_ = source;
  } else if (columns.contains(source.get_ref<const std::string&>())) {
    column_ = source.get<std::string>();
  } else {
    template_.emplace(source.get<std::string>(), place_);
  }
}

Json FieldSource::value(const Json& document) const {
  if (template_) return template_->render(document);
  if (column_.empty()) return constant_;
  const auto found = document.find(column_);
  if (found == document.end()) throw DataError(Message::at(place_, Message::tr("there is no column \"%1\"", column_)));
  return *found;
}

Json FieldSource::text(const Json& document) const {
  Json out = value(document);
  if (!template_ || !has_choices_ || !only_digits(out.get_ref<const std::string&>())) return out;
  return text::python_literal(out.get_ref<const std::string&>()).value_or(out);
}

Json FieldSource::target(const Json& document) const {
  Json out = text(document);
  if (!template_ || !out.is_string()) return out;
  const auto& text = out.get_ref<const std::string&>();
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') return out;
  return text::python_literal(text).value_or(out);
}

std::vector<std::string> FieldSource::choices(const Json& document) const {
  Json out = value(document);
  if (template_) {
    const auto literal = text::python_literal(out.get_ref<const std::string&>());
    if (!literal)
      throw DataError(Message::at(
          place_, Message::tr("the template gives no list of choices but %1", short_dump(nlohmann::json(out)))));
    out = *literal;
  }
  if (out.is_object()) {
    Json values = Json::array();
    for (const auto& [key, entry] : out.items()) values.push_back(entry);
    out = values;
  }
  const bool texts = out.is_array() && !out.empty() &&
                     std::all_of(out.begin(), out.end(), [](const Json& entry) { return entry.is_string(); });
  if (!texts)
    throw DataError(
        Message::at(place_, Message::tr("choices are a list of texts, not %1", short_dump(nlohmann::json(out)))));
  return out.get<std::vector<std::string>>();
}

}  // namespace bandscope::evaluation
