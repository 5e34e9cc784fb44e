// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/figure/evaluation_words.h"

#include <QString>
#include <algorithm>

namespace bandscope::viz {
namespace {

TableCell number_cell(const std::optional<BenchmarkNumber>& number) {
  if (!number) return {"–", {}, {}};
  return {percent_text(number->value), percent_error(number->error), {}};
}

TableCell difference_cell(const BenchmarkMethod::Cell& cell) {
  const auto difference = cell.difference();
  if (!difference) return {"–", {}, {}};
  const bool significant = cell.test.significant();
  return {percent_difference(*difference), {}, significant ? "*" : "", significant};
}

}  // namespace

std::string test_note(const BenchmarkTable& table, const Words& say) {
  QString tests;
  for (const PairedTest test : tests_of(table)) {
    if (!tests.isEmpty()) tests += QString::fromStdString(say(QT_TRANSLATE_NOOP("Figure", " or ")));
    tests += QString::fromStdString(say(in_words(test).text().c_str()));
  }
  if (tests.isEmpty()) return {};
  return QString::fromStdString(say(QT_TRANSLATE_NOOP("Figure", "* p < 0.05, %1 over the same items; in per cent")))
      .arg(tests)
      .toStdString();
}

std::string run_title(const BenchmarkMethod& method, bool second, const Words& say) {
  if (!method.pair) return (second ? method.second : method.first)->name;
  return say(second ? QT_TRANSLATE_NOOP("Figure", "w/ RC") : QT_TRANSLATE_NOOP("Figure", "w/o RC"));
}

std::string run_head(const BenchmarkTable& table, const BenchmarkMethod& method, bool second, const Words& say) {
  const std::string title = run_title(method, second, say);
  if (table.step()) return title;
  const RunDataPtr& run = second ? method.second : method.first;
  return QString::fromStdString(say(QT_TRANSLATE_NOOP("Figure", "%1, step %2")))
      .arg(QString::fromStdString(title))
      .arg(run->evaluation.back().step)
      .toStdString();
}

Table paper_table(const BenchmarkTable& numbers, const FigureOptions& options) {
  Table table;
  const std::vector<std::size_t> columns = numbers.columns(options.tasks);
  if (columns.empty()) return table;
  table.texts = 2;
  table.head = {options.say(QT_TRANSLATE_NOOP("Figure", "Benchmark")),
                options.say(QT_TRANSLATE_NOOP("Figure", "Metric"))};
  for (const std::size_t i : columns)
    table.rows.push_back({{numbers.entries[i].title, {}, {}}, {numbers.entries[i].metric(), {}, {}}});
  const bool average = columns.size() > 1 && !options.tasks;
  if (average) {
    table.sum = table.rows.size();
    table.rows.push_back({{options.say(QT_TRANSLATE_NOOP("Figure", "Average")), {}, {}}, {}});
  }
  for (const BenchmarkMethod& method : numbers.methods) {
    const std::size_t first = table.head.size();
    const auto add = [&](const std::string& title, const auto& cell) {
      table.head.push_back(title);
      for (std::size_t k = 0; k < columns.size(); ++k) table.rows[k].push_back(cell(method.cells[columns[k]]));
      if (average) table.rows.back().push_back(cell(method.average));
    };
    using Cell = BenchmarkMethod::Cell;
    if (method.first)
      add(run_head(numbers, method, false, options.say), [](const Cell& cell) { return number_cell(cell.first); });
    if (method.second)
      add(run_head(numbers, method, true, options.say), [](const Cell& cell) { return number_cell(cell.second); });
    if (method.first && method.second) add("Δ", difference_cell);
    if (!method.label.empty()) table.groups.push_back({method.label, first, table.head.size()});
  }
  table.note = test_note(numbers, options.say);
  if (table.note.empty())
    table.note = options.say(QT_TRANSLATE_NOOP("Figure", "in per cent, standard errors as subscripts"));
  if (const auto step = numbers.step())
    table.note = QString::fromStdString(options.say(QT_TRANSLATE_NOOP("Figure", "%1; step %2")))
                     .arg(QString::fromStdString(table.note))
                     .arg(*step)
                     .toStdString();
  return table;
}

}  // namespace bandscope::viz
