// SPDX-License-Identifier: Apache-2.0
#include "training/evaluation/filters.h"

#include <algorithm>

#include "training/text/jinja_functions.h"
#include "training/text/python_regex.h"

namespace bandscope::evaluation {
namespace {

namespace jinja = text::jinja;

std::string stripped(const std::string& text) { return jinja::strip(text, true, true, nullptr); }

std::string found(const FilterStep& step, const text::PythonRegex& regex, const std::string& text) {
  const auto matches = regex.find_all(text);
  const auto size = static_cast<std::int64_t>(matches.size());
  const std::int64_t at = step.group_select < 0 ? step.group_select + size : step.group_select;
  if (at < 0 || at >= size) return step.fallback;
  const std::vector<std::string>& groups = matches[static_cast<std::size_t>(at)];
  if (groups.size() == 1) return stripped(groups[0]);
  // Of several groups the first that took part.
  const auto taken =
      std::find_if(groups.begin(), groups.end(), [](const std::string& group) { return !group.empty(); });
  return taken == groups.end() ? stripped(step.fallback) : stripped(*taken);
}

/// The answer that is there most often; of equals the first.
Json most_frequent(const std::vector<Json>& answers) {
  std::ptrdiff_t most = 0;
  const Json* winner = nullptr;
  for (const Json& answer : answers) {
    const auto count = std::count(answers.begin(), answers.end(), answer);
    if (count > most) most = count, winner = &answer;
  }
  return winner != nullptr ? *winner : Json();
}

void apply(const FilterStep& step, std::vector<Json>& answers) {
  const auto each_text = [&](auto&& change) {
    for (Json& answer : answers)
      if (answer.is_string()) answer = change(answer.get<std::string>());
  };
  switch (step.kind) {
    case FilterKind::regex: {
      const text::PythonRegex regex(step.pattern, "regex_pattern");
      for (Json& answer : answers)
        answer = found(step, regex, answer.is_string() ? answer.get<std::string>() : std::string());
      break;
    }
    case FilterKind::take_first:
      if (answers.size() > 1) answers.resize(1);
      break;
    case FilterKind::majority_vote:
      answers = {most_frequent(answers)};
      break;
    case FilterKind::remove_whitespace:
      each_text(stripped);
      break;
    case FilterKind::lowercase:
      each_text([](const std::string& text) { return jinja::lower(text); });
      break;
    case FilterKind::uppercase:
      each_text([](const std::string& text) { return jinja::upper(text); });
      break;
    case FilterKind::map:
      for (Json& answer : answers) {
        const auto value = answer.is_string() ? step.mapping.find(answer.get<std::string>()) : step.mapping.end();
        answer = value != step.mapping.end() ? Json(*value) : step.otherwise;
      }
      break;
  }
}

}  // namespace

Json filtered(const FilterSpec& filter, const std::vector<std::string>& answers) {
  std::vector<Json> left(answers.begin(), answers.end());
  for (const FilterStep& step : filter.steps) apply(step, left);
  return left.empty() ? Json() : left.front();
}

}  // namespace bandscope::evaluation
