// SPDX-License-Identifier: Apache-2.0
#include "training/evaluation/metrics.h"

#include <algorithm>
#include <cmath>

#include "training/text/jinja_functions.h"
#include "training/text/python_regex.h"
#include "training/text/utf8.h"

namespace bandscope::evaluation {
namespace {

/// Length of a text in characters.
double characters(const std::string& text) {
  return static_cast<double>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// The first of the largest, as numpy.argmax: one that is no number wins.
std::size_t largest(const std::vector<double>& values) {
  std::size_t best = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) return i;
    if (values[i] > values[best]) best = i;
  }
  return best;
}

template <class Length>
std::size_t largest_per(const Answers& answers, const std::vector<std::string>& choices, Length&& length) {
  std::vector<double> values;
  for (std::size_t i = 0; i < choices.size(); ++i) values.push_back(answers.log_likelihoods[i] / length(choices[i]));
  return largest(values);
}

/// Numbers of the choices that are right; a target that is none of them is left out.
std::vector<std::size_t> gold_choices(const TaskItem& item) {
  std::vector<std::size_t> gold;
  const auto add = [&](const Json& target) {
    const auto size = static_cast<std::int64_t>(item.choices.size());
    if (target.is_number_integer() || target.is_boolean()) {
      const std::int64_t index = target.is_boolean() ? target.get<bool>() : target.get<std::int64_t>();
      if (index >= 0 && index < size) gold.push_back(static_cast<std::size_t>(index));
    } else if (target.is_string()) {
      const auto found = std::find(item.choices.begin(), item.choices.end(), target.get_ref<const std::string&>());
      if (found != item.choices.end()) gold.push_back(static_cast<std::size_t>(found - item.choices.begin()));
    }
  };
  if (item.target.is_array()) {
    // A number of a choice is never a list of them.
    if (item.several_targets)
      for (const Json& target : item.target) add(target);
  } else {
    add(item.target);
  }
  return gold;
}

std::string without(std::string text, const char* characters) {
  std::erase_if(text, [&](char c) { return std::string_view(characters).find(c) != std::string_view::npos; });
  return text;
}

/// A text as exact_match compares it.
std::string comparable(const MetricSpec& metric, std::string text) {
  for (const std::string& pattern : metric.regexes_to_ignore)
    text = text::PythonRegex(pattern, "regexes_to_ignore").replace_all(text, "");
  if (metric.ignore_case) text = text::jinja::lower(text);
  if (metric.ignore_punctuation) text = without(std::move(text), "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");
  if (metric.ignore_numbers) text = without(std::move(text), "0123456789");
  return text;
}

}  // namespace

Scores score_likelihoods(const TaskConfig& task, const TaskItem& item, const Answers& answers) {
  Scores scores;
  if (task.output == OutputType::loglikelihood) {
    for (const MetricSpec& metric : task.metrics) scores[metric.name] = answers.greedy.at(0) ? 1.0 : 0.0;
    return scores;
  }
  const std::vector<std::size_t> gold = gold_choices(item);
  const auto hit = [&](std::size_t choice) {
    return std::find(gold.begin(), gold.end(), choice) != gold.end() ? 1.0 : 0.0;
  };
  for (const MetricSpec& metric : task.metrics) {
    double& score = scores[metric.name];
    if (const auto choice = chosen(metric.name, item, answers)) score = hit(*choice);
    if (metric.name == "exact_match")
      score = std::any_of(gold.begin(), gold.end(), [&](std::size_t i) { return answers.greedy[i]; }) ? 1.0 : 0.0;
  }
  return scores;
}

std::optional<std::size_t> chosen(const std::string& metric, const TaskItem& item, const Answers& answers) {
  if (item.choices.empty() || answers.log_likelihoods.size() != item.choices.size()) return std::nullopt;
  if (metric == "acc") return largest(answers.log_likelihoods);
  if (metric == "acc_norm") return largest_per(answers, item.choices, characters);
  if (metric == "acc_bytes")
    return largest_per(answers, item.choices,
                       [](const std::string& choice) { return static_cast<double>(choice.size()); });
  return std::nullopt;
}

Scores score_text(const TaskConfig& task, const TaskItem& item, const Json& answer) {
  std::vector<std::string> gold;
  if (!item.choices.empty()) {
    for (const std::size_t i : gold_choices(item)) gold.push_back(item.choices[i]);
  } else if (item.several_targets && item.target.is_array()) {
    for (const Json& target : item.target) gold.push_back(python_text(target));
  } else if (item.several_targets && item.target.is_string()) {
    // The harness's list() of a text, among lists: its characters.
    const std::string target = item.target.get<std::string>();
    for (std::size_t at = 0, length = 0; at < target.size(); at += length) {
      length = std::max<std::size_t>(text::utf8_sequence(target, at), 1);
      gold.push_back(target.substr(at, length));
    }
  } else {
    gold.push_back(python_text(item.target));
  }
  Scores scores;
  for (const MetricSpec& metric : task.metrics) {
    const std::string own = answer.is_null() ? std::string() : comparable(metric, python_text(answer));
    const bool same = !answer.is_null() && std::any_of(gold.begin(), gold.end(), [&](const std::string& target) {
      return comparable(metric, target) == own;
    });
    scores[metric.name] = same ? 1.0 : 0.0;
  }
  return scores;
}

Mean mean_of(std::span<const double> values) {
  Mean mean;
  const auto count = static_cast<double>(values.size());
  for (const double value : values) mean.value += value;
  mean.value /= count;
  if (values.size() < 2) return mean;
  double squares = 0;
  for (const double value : values) squares += (value - mean.value) * (value - mean.value);
  mean.error = std::sqrt(squares / (count - 1)) / std::sqrt(count);
  return mean;
}

Mean pooled(std::span<const Mean> members, std::span<const std::int64_t> sizes, bool weight_by_size) {
  Mean mean;
  double total = 0, variance = 0, squares = 0;
  bool errors = true;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto size = static_cast<double>(sizes[i]);
    const double weight = weight_by_size ? size : 1.0, error = members[i].error.value_or(0);
    mean.value += members[i].value * weight;
    total += weight;
    errors = errors && members[i].error.has_value();
    variance += (size - 1) * error * error * size;
    squares += error * error;
  }
  mean.value /= total;
  const auto count = static_cast<double>(members.size());
  if (errors && weight_by_size)
    mean.error = std::sqrt(variance / (total - count) / total);
  else if (errors)
    mean.error = std::sqrt(squares) / count;
  return mean;
}

}  // namespace bandscope::evaluation
