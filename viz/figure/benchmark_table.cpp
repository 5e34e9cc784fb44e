// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/figure/benchmark_table.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include "core/run/run_card.h"
#include "viz/data/run_names.h"
#include "viz/figure/nan.h"
#include "viz/figure/paper_figures.h"
#include "viz/figure/ticks.h"

namespace bandscope::viz {
namespace {

BenchmarkKey key_of(const EvaluationRow& row) { return {row.task, row.metric, row.filter}; }

/// Names and groups of all runs; the first that names a task is believed.
BenchmarkScores names_of(const std::vector<RunDataPtr>& runs) {
  BenchmarkScores names;
  for (const RunDataPtr& run : runs) {
    if (!run->scores) continue;
    names.aliases.insert(run->scores->aliases.begin(), run->scores->aliases.end());
    names.members.insert(run->scores->members.begin(), run->scores->members.end());
  }
  return names;
}

std::vector<BenchmarkEntry> entries_of(const std::vector<RunDataPtr>& runs) {
  const BenchmarkScores names = names_of(runs);
  std::vector<std::string> tasks;
  std::map<std::string, std::vector<BenchmarkKey>> keys;
  std::set<BenchmarkKey> seen;
  for (const RunDataPtr& run : runs) {
    for (const EvaluationRow& row : last_evaluation(run->evaluation)) {
      if (!seen.insert(key_of(row)).second) continue;
      if (!keys.contains(row.task)) tasks.push_back(row.task);
      keys[row.task].push_back(key_of(row));
    }
  }
  std::vector<BenchmarkEntry> entries;
  std::set<std::string> placed;
  const std::function<void(const std::string&, int)> place = [&](const std::string& task, int depth) {
    if (!placed.insert(task).second) return;
    const auto group = names.members.find(task);
    const auto own = keys.find(task);
    if (own != keys.end()) {
      const auto norm = std::ranges::find(own->second, "acc_norm", &BenchmarkKey::metric);
      for (auto key = own->second.begin(); key != own->second.end(); ++key) {
        const bool primary = key == (norm == own->second.end() ? own->second.begin() : norm);
        entries.push_back({*key, names.alias(task), group != names.members.end(), depth, primary});
      }
    }
    if (group == names.members.end()) return;
    for (const std::string& member : group->second) place(member, own == keys.end() ? depth : depth + 1);
  };
  for (const std::string& task : tasks)
    if (names.top(task)) place(task, 0);
  for (const std::string& task : tasks) place(task, 0);  // of groups that hold each other
  return entries;
}

std::vector<std::optional<BenchmarkNumber>> numbers_of(const RunDataPtr& run,
                                                       const std::vector<BenchmarkEntry>& entries) {
  std::vector<std::optional<BenchmarkNumber>> numbers(entries.size());
  if (!run) return numbers;
  std::map<BenchmarkKey, BenchmarkNumber> known;
  for (const EvaluationRow& row : last_evaluation(run->evaluation))
    known[key_of(row)] = {row.value, row.error, row.samples, row.step};
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto found = known.find(entries[i].key);
    if (found != known.end()) numbers[i] = found->second;
  }
  return numbers;
}

void fill(BenchmarkMethod& method, const BenchmarkTable& table) {
  const auto first = numbers_of(method.first, table.entries), second = numbers_of(method.second, table.entries);
  for (std::size_t i = 0; i < table.entries.size(); ++i) method.cells.push_back({first[i], second[i], {}});
  const std::vector<std::size_t> columns = table.columns();
  const auto average = [&](const auto& numbers) -> std::optional<BenchmarkNumber> {
    BenchmarkNumber mean{0, kNan, 0, 0};
    for (const std::size_t i : columns) {
      if (!numbers[i]) return std::nullopt;
      mean.value += numbers[i]->value / static_cast<double>(columns.size());
      mean.step = numbers[i]->step;
    }
    return columns.empty() ? std::nullopt : std::optional(mean);
  };
  method.average = {average(first), average(second), {}};
}

std::vector<BenchmarkMethod> methods_of(const std::vector<RunDataPtr>& runs) {
  std::vector<BenchmarkMethod> methods;
  std::vector<RunPair> pairs = pair_runs(runs);
  // Two runs that are no pair are compared all the same, by their names.
  if (pairs.size() == 2 && runs.size() == 2) {
    methods.push_back({"", short_name(runs[0]->model), false, runs[0], runs[1], {}, false, {}});
    return methods;
  }
  for (const RunPair& pair : pairs) {
    const RunData& any = pair.without ? *pair.without : *pair.with;
    const std::string label = objective_label(any);
    methods.push_back(
        {label.empty() ? any.name : label, short_name(any.model), true, pair.without, pair.with, {}, false, {}});
  }
  const std::vector<BenchmarkMethod> plain = methods;
  for (std::size_t i = 0; i < methods.size(); ++i) {
    const auto same = std::ranges::count_if(plain, [&](const BenchmarkMethod& other) {
      return other.label == plain[i].label && other.model == plain[i].model;
    });
    if (same > 1) methods[i].label += " · " + (plain[i].first ? plain[i].first : plain[i].second)->name;
  }
  return methods;
}

std::vector<RunDataPtr> runs_of(const BenchmarkTable& table) {
  std::vector<RunDataPtr> runs;
  for (const BenchmarkMethod& method : table.methods)
    for (const RunDataPtr& run : {method.first, method.second})
      if (run) runs.push_back(run);
  return runs;
}

}  // namespace

std::string BenchmarkEntry::metric() const {
  return key.filter.empty() || key.filter == "none" ? key.metric : key.metric + ", " + key.filter;
}

std::optional<double> BenchmarkMethod::Cell::difference() const {
  return first && second ? std::optional(second->value - first->value) : std::nullopt;
}

std::optional<std::int64_t> BenchmarkTable::step() const {
  std::set<std::int64_t> steps;
  for (const RunDataPtr& run : runs_of(*this)) steps.insert(run->evaluation.back().step);
  return steps.size() == 1 ? std::optional(*steps.begin()) : std::nullopt;
}

bool BenchmarkTable::is_final() const {
  return std::ranges::all_of(runs_of(*this), [](const RunDataPtr& run) {
    return !run->live() && static_cast<double>(run->evaluation.back().step) >= run->last_step();
  });
}

std::vector<std::size_t> BenchmarkTable::columns(const std::optional<std::vector<std::string>>& tasks) const {
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const BenchmarkEntry& entry = entries[i];
    const bool wanted = tasks ? std::ranges::find(*tasks, entry.key.task) != tasks->end() : entry.depth == 0;
    if (entry.primary && wanted) columns.push_back(i);
  }
  return columns;
}

BenchmarkTable benchmark_table(const std::vector<RunDataPtr>& runs) {
  std::vector<RunDataPtr> evaluated;
  std::ranges::copy_if(with_own_names(runs), std::back_inserter(evaluated),
                       [](const RunDataPtr& run) { return run && !run->evaluation.empty(); });
  BenchmarkTable table;
  table.entries = entries_of(evaluated);
  table.methods = methods_of(evaluated);
  for (BenchmarkMethod& method : table.methods) fill(method, table);
  return table;
}

PairedResults paired_results(const BenchmarkScores& first, const BenchmarkScores& second, const std::stop_token& stop) {
  PairedResults results;
  for (const auto& [key, items] : first.items) {
    if (stop.stop_requested()) break;
    const auto other = second.items.find(key);
    if (other != second.items.end()) results[key] = compare_items(items, other->second);
  }
  return results;
}

bool has_items(const BenchmarkMethod& method) {
  const auto read = [](const RunDataPtr& run) { return run && run->scores && !run->scores->names_only; };
  return read(method.first) && read(method.second);
}

void put_results(BenchmarkMethod& method, const BenchmarkTable& table, const PairedResults& results) {
  for (std::size_t i = 0; i < table.entries.size(); ++i) {
    BenchmarkMethod::Cell& cell = method.cells[i];
    const auto found = results.find(table.entries[i].key);
    if (cell.first && cell.second && found != results.end()) cell.test = found->second;
  }
}

BenchmarkTable tested_table(const std::vector<RunDataPtr>& runs) {
  BenchmarkTable table = benchmark_table(runs);
  for (BenchmarkMethod& method : table.methods)
    if (has_items(method)) put_results(method, table, paired_results(*method.first->scores, *method.second->scores));
  return table;
}

std::string percent_text(double share) { return std::isnan(share) ? "–" : format_fixed(100 * share, 2); }

std::string percent_difference(double share) {
  if (std::isnan(share)) return "–";
  const std::string text = format_fixed(100 * share, 2);
  if (text == "−0.00") return "0.00";
  return share > 0 && text != "0.00" ? "+" + text : text;
}

std::string percent_error(double share) {
  if (std::isnan(share)) return {};
  const std::string text = format_fixed(100 * share, 2);
  return text.starts_with("0.") ? text.substr(1) : text;
}

std::vector<PairedTest> tests_of(const BenchmarkTable& table) {
  std::vector<PairedTest> tests;
  for (const BenchmarkMethod& method : table.methods)
    for (const BenchmarkMethod::Cell& cell : method.cells)
      if (cell.test.test != PairedTest::none && std::ranges::find(tests, cell.test.test) == tests.end())
        tests.push_back(cell.test.test);
  return tests;
}

}  // namespace bandscope::viz
