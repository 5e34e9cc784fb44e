// SPDX-License-Identifier: Apache-2.0
#include "core/benchmark/kept_answers.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <set>

#include "core/error.h"
#include "core/input/file.h"
#include "core/input/json.h"

namespace bandscope {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostChoices = 1000;
/// Of a results file: groups may hold groups, and are walked by recursion.
constexpr std::size_t kMostGroups = 1000, kMostMembers = 100'000;

const Json* member(const Json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

std::string text_of(const Json* value) {
  return value && value->is_string() ? value->get<std::string>() : std::string();
}

std::optional<double> finite(const Json* value) {
  if (!value || !(value->is_number() || value->is_boolean())) return std::nullopt;
  const double number = value->is_boolean() ? (value->get<bool>() ? 1.0 : 0.0) : value->get<double>();
  return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

/// The text of `target`, which of choices is the number of one or its text.
std::string right_answer(const std::string& target, const std::vector<std::string>& choices) {
  std::size_t index = 0;
  const char* end = target.data() + target.size();
  const auto read = std::from_chars(target.data(), end, index);
  return read.ec == std::errc() && read.ptr == end && index < choices.size() ? choices[index] : target;
}

/// The likeliest choice, where the file does not say which one a metric chose.
std::size_t likeliest(const Json* responses, std::size_t choices) {
  std::size_t best = 0;
  double most = -HUGE_VAL;
  for (std::size_t i = 0; responses && responses->is_array() && i < std::min(responses->size(), choices); ++i) {
    const Json& response = (*responses)[i];
    if (!response.is_array() || response.empty() || !response[0].is_string()) continue;
    const double value = std::strtod(response[0].get_ref<const std::string&>().c_str(), nullptr);
    if (value > most) most = value, best = i;
  }
  return best;
}

void read_texts(const Json& line, AnsweredItem& item) {
  const Json* arguments = member(line, "arguments");
  for (std::size_t i = 0; arguments && i < kMostChoices; ++i) {
    const Json* argument = member(*arguments, ("gen_args_" + std::to_string(i)).c_str());
    if (!argument) break;
    if (i == 0) item.question = text_of(member(*argument, "arg_0"));
    const Json* continuation = member(*argument, "arg_1");
    if (!continuation || !continuation->is_string()) break;  // how a text is generated
    std::string choice = continuation->get<std::string>();
    if (choice.starts_with(' ')) choice.erase(0, 1);
    item.choices.push_back(std::move(choice));
  }
  const Json* responses = member(line, "filtered_resps");
  if (item.choices.empty() && responses && responses->is_array() && !responses->empty())
    item.text = text_of(&responses->front());
  item.target = right_answer(text_of(member(line, "target")), item.choices);
  const Json* chosen = member(line, "chosen");
  const std::size_t usual = item.choices.empty() ? 0 : likeliest(responses, item.choices.size());
  for (const auto& [metric, score] : item.scores) {
    if (item.choices.empty()) break;
    const Json* own = chosen ? member(*chosen, metric.c_str()) : nullptr;
    const bool usable = own && own->is_number_unsigned() && own->get<std::uint64_t>() < item.choices.size();
    item.chosen[metric] = usable ? own->get<std::size_t>() : usual;
  }
}

std::optional<AnsweredItem> item_of(const Json& line, bool texts) {
  const Json* doc = member(line, "doc_id");
  const Json* metrics = member(line, "metrics");
  if (!doc || !doc->is_number_integer() || !metrics || !metrics->is_array()) return std::nullopt;
  AnsweredItem item;
  item.doc = doc->get<std::int64_t>();
  item.hash = text_of(member(line, "doc_hash"));
  item.filter = text_of(member(line, "filter"));
  for (const Json& metric : *metrics) {
    if (!metric.is_string()) continue;
    const std::string name = metric.get<std::string>();
    if (const auto score = finite(member(line, name.c_str()))) item.scores[name] = *score;
  }
  if (item.scores.empty()) return std::nullopt;
  if (texts) read_texts(line, item);
  return item;
}

/// Nothing where `stop` was asked for.
std::vector<AnsweredItem> read_items(const std::filesystem::path& file, bool texts, const std::stop_token& stop = {}) {
  const std::string whole = read_file(file);
  std::vector<AnsweredItem> items;
  std::string_view rest = whole;
  while (!rest.empty()) {
    if (stop.stop_requested()) return {};
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (line.empty()) continue;
    if (const auto json = try_json(line))
      if (auto item = item_of(*json, texts)) items.push_back(std::move(*item));
  }
  if (items.empty() && !whole.empty())
    throw DataError(Message::at(file, Message::tr("no line is an item with doc_id, metrics and scores")));
  return items;
}

std::filesystem::path samples_file(const std::filesystem::path& folder, const std::string& task) {
  if (task.empty() || task.find('/') != std::string::npos || task.find('\0') != std::string::npos)
    throw DataError(Message::at(folder, Message::tr("\"%1\" is no task's name", task)));
  return folder / ("samples_" + task + ".jsonl");
}

/// Names, groups and members, as results.json has them.
void read_names(const std::filesystem::path& folder, BenchmarkScores& scores) {
  Json results;
  try {
    results = read_json(folder / "results.json", kMostConfigBytes, JsonNumbers::python);
  } catch (const DataError&) {
    return;
  }
  if (const Json* named = member(results, "results"); named && named->is_object())
    for (const auto& [task, values] : named->items())
      if (const std::string alias = text_of(member(values, "alias")); !alias.empty()) scores.aliases[task] = alias;
  if (const Json* groups = member(results, "group_subtasks"); groups && groups->is_object())
    for (const auto& [group, members] : groups->items()) {
      if (!members.is_array() || members.size() > kMostMembers || scores.members.size() == kMostGroups) continue;
      for (const Json& one : members)
        if (one.is_string()) scores.members[group].push_back(one.get<std::string>());
    }
}

/// Tasks of a group and of the groups in it; a group that holds itself ends.
void add_leaves(const BenchmarkScores& scores, const std::string& name, std::set<std::string>& seen) {
  if (!seen.insert(name).second) return;
  const auto found = scores.members.find(name);
  if (found == scores.members.end()) return;
  for (const std::string& one : found->second) add_leaves(scores, one, seen);
}

/// The items' scores of all tasks, and of the groups that have a row.
void read_scores(const std::filesystem::path& folder, const std::vector<EvaluationRow>& rows, BenchmarkScores& scores,
                 const std::stop_token& stop) {
  std::set<std::string> tasks;
  for (const EvaluationRow& row : rows)
    if (!scores.members.contains(row.task)) tasks.insert(row.task);
  for (const std::string& task : tasks) {
    try {
      for (const AnsweredItem& item : read_items(samples_file(folder, task), false, stop))
        for (const auto& [metric, score] : item.scores)
          scores.items[{task, metric, item.filter}].push_back({item.doc, task, item.hash, score});
    } catch (const DataError&) {
      continue;
    }
  }
  for (const EvaluationRow& row : rows) {
    if (!scores.members.contains(row.task)) continue;
    std::set<std::string> leaves;
    add_leaves(scores, row.task, leaves);
    std::vector<ScoredItem> all;
    for (const std::string& task : leaves) {
      const auto found = scores.items.find({task, row.metric, row.filter});
      if (found != scores.items.end() && !scores.members.contains(task))
        all.insert(all.end(), found->second.begin(), found->second.end());
    }
    if (!all.empty()) scores.items[{row.task, row.metric, row.filter}] = std::move(all);
  }
}

}  // namespace

std::filesystem::path evaluation_folder(const std::filesystem::path& record, std::int64_t step) {
  return record.parent_path() / "evaluation" / std::to_string(step);
}

const std::string& AnsweredItem::answer(const std::string& metric) const {
  const auto found = chosen.find(metric);
  return found != chosen.end() && found->second < choices.size() ? choices[found->second] : text;
}

std::vector<AnsweredItem> read_answers(const std::filesystem::path& file) { return read_items(file, true); }

std::vector<AnsweredItem> read_task_answers(const std::filesystem::path& folder, const std::string& task) {
  return read_items(samples_file(folder, task), true);
}

std::string BenchmarkScores::alias(const std::string& task) const {
  const auto found = aliases.find(task);
  return found == aliases.end() ? task : found->second;
}

bool BenchmarkScores::top(const std::string& task) const {
  return std::none_of(members.begin(), members.end(), [&](const auto& group) {
    return group.first != task && std::find(group.second.begin(), group.second.end(), task) != group.second.end();
  });
}

std::vector<EvaluationRow> evaluation_at(std::span<const EvaluationRow> rows, std::int64_t step) {
  std::vector<EvaluationRow> out;
  std::ranges::copy_if(rows, std::back_inserter(out), [step](const EvaluationRow& row) { return row.step == step; });
  return out;
}

std::vector<EvaluationRow> last_evaluation(std::span<const EvaluationRow> rows) {
  return rows.empty() ? std::vector<EvaluationRow>() : evaluation_at(rows, rows.back().step);
}

BenchmarkScores read_benchmark_names(const std::filesystem::path& record, const std::vector<EvaluationRow>& rows) {
  BenchmarkScores scores;
  scores.names_only = true;
  if (rows.empty()) return scores;
  scores.step = rows.front().step;
  read_names(evaluation_folder(record, scores.step), scores);
  return scores;
}

BenchmarkScores read_benchmark_scores(const std::filesystem::path& record, const std::vector<EvaluationRow>& rows,
                                      const std::stop_token& stop) {
  BenchmarkScores scores = read_benchmark_names(record, rows);
  if (!rows.empty()) read_scores(evaluation_folder(record, scores.step), rows, scores, stop);
  scores.names_only = stop.stop_requested();
  if (scores.names_only) scores.items.clear();
  return scores;
}

PairedResult compare_items(const std::vector<ScoredItem>& first, const std::vector<ScoredItem>& second) {
  using Which = std::tuple<std::string, std::int64_t, std::string>;
  std::map<Which, double> before;
  for (const ScoredItem& item : first) before[{item.task, item.doc, item.hash}] = item.score;
  std::vector<double> a, b;
  for (const ScoredItem& item : second) {
    const auto found = before.find({item.task, item.doc, item.hash});
    if (found == before.end()) continue;
    a.push_back(found->second);
    b.push_back(item.score);
    before.erase(found);  // an item that a file has twice counts once
  }
  return paired_test(a, b);
}

}  // namespace bandscope
