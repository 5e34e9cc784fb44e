// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/figure/benchmark_text.h"

#include <QString>
#include <cmath>
#include <set>

#include "core/export/csv.h"
#include "viz/figure/evaluation_words.h"
#include "viz/figure/latex_text.h"

namespace bandscope::viz {
namespace {

using Cell = BenchmarkMethod::Cell;

/// A number's cell in a CSV; empty where there is none.
std::string csv_cell(double value) {
  std::string cell;
  if (std::isfinite(value)) append_csv(cell, value);
  return cell;
}

std::string csv_cell(const std::string& text) {
  std::string cell;
  append_csv(cell, std::string_view(text));
  return cell;
}

/// One row: a run of a method.
struct Row {
  const BenchmarkMethod& method;
  bool second;
  const RunDataPtr& run() const { return second ? method.second : method.first; }
  bool alone() const { return !method.first || !method.second; }
  const std::optional<BenchmarkNumber>& number(const Cell& cell) const { return second ? cell.second : cell.first; }
  std::string label() const { return method.label.empty() ? run()->name : method.label; }
  std::string rc() const { return run()->calibrated ? "w/" : "w/o"; }
};

std::vector<Row> rows_of(const BenchmarkMethod& method) {
  std::vector<Row> rows;
  if (method.first) rows.push_back({method, false});
  if (method.second) rows.push_back({method, true});
  return rows;
}

/// Columns of one title are told apart by their metrics.
std::vector<std::string> titles_of(const BenchmarkTable& table, const std::vector<std::size_t>& columns) {
  std::multiset<std::string> all;
  for (const std::size_t i : columns) all.insert(table.entries[i].title);
  std::vector<std::string> titles;
  for (const std::size_t i : columns) {
    const BenchmarkEntry& entry = table.entries[i];
    titles.push_back(all.count(entry.title) > 1 ? entry.key.task : entry.title);
  }
  return titles;
}

}  // namespace

std::string benchmarks_csv(const BenchmarkTable& table, const std::optional<std::vector<std::string>>& tasks) {
  const std::vector<std::size_t> columns = table.columns(tasks);
  const bool average = columns.size() > 1 && !tasks;
  std::string out = "Model,Method,RC,Run,Step";
  for (const std::string& title : titles_of(table, columns))
    out += "," + csv_cell(title) + "," + csv_cell(title + " stderr") + "," + csv_cell(title + " p");
  out += average ? ",Average,Delta\n" : "\n";
  for (const BenchmarkMethod& method : table.methods) {
    for (const Row& row : rows_of(method)) {
      out += csv_cell(method.model) + "," + csv_cell(row.label()) + "," + row.rc() + "," + csv_cell(row.run()->name) +
             "," + std::to_string(row.run()->evaluation.back().step);
      for (const std::size_t i : columns) {
        const Cell& cell = method.cells[i];
        const auto& number = row.number(cell);
        out += "," + (number ? csv_cell(number->value) : "") + "," + (number ? csv_cell(number->error) : "") + ",";
        if (row.second && cell.test.test != PairedTest::none) out += csv_cell(cell.test.p);
      }
      if (average) {
        const auto& mean = row.number(method.average);
        out += "," + (mean ? csv_cell(mean->value) : "") + ",";
        if (const auto difference = method.average.difference(); row.second && difference) out += csv_cell(*difference);
      }
      out += "\n";
    }
  }
  return out;
}

std::string benchmarks_latex(const BenchmarkTable& table, const std::optional<std::vector<std::string>>& tasks) {
  const std::vector<std::size_t> columns = table.columns(tasks);
  const bool average = columns.size() > 1 && !tasks;
  std::set<std::string> models;
  for (const BenchmarkMethod& method : table.methods) models.insert(method.model);
  const std::size_t width = 2 + columns.size() + (average ? 1 : 0);
  std::string out;
  if (const std::string note = test_note(table, english); !note.empty()) out += "% " + note + "\n";
  out += "\\begin{tabular}{ll" + std::string(width - 2, 'c') + "}\n\\toprule\nMethod & RC";
  for (const std::string& title : titles_of(table, columns)) out += " & " + latex(title);
  out += average ? " & Average ($\\Delta$) \\\\\n\\midrule\n" : " \\\\\n\\midrule\n";
  std::string model;
  for (const BenchmarkMethod& method : table.methods) {
    if (models.size() > 1 && method.model != model)
      out += "\\multicolumn{" + std::to_string(width) + "}{l}{\\textbf{" + latex(method.model) + "}} \\\\\n";
    model = method.model;
    for (const Row& row : rows_of(method)) {
      const bool named = !row.second || row.alone() || !method.pair;
      out += (named ? latex(row.label()) : "") + " & " + row.rc();
      if (!table.step()) out += " (step " + std::to_string(row.run()->evaluation.back().step) + ")";
      for (const std::size_t i : columns) {
        const Cell& cell = method.cells[i];
        const auto& number = row.number(cell);
        out += " & ";
        if (!number) {
          out += "--";
          continue;
        }
        const std::string error = percent_error(number->error);
        out += "$" + percent_text(number->value) + (error.empty() ? "" : "_{" + error + "}") +
               (row.second && cell.test.significant() ? "^{*}" : "") + "$";
      }
      if (average) {
        const auto& mean = row.number(method.average);
        out += " & " + (mean ? percent_text(mean->value) : "--");
        if (const auto difference = method.average.difference(); row.second && difference)
          out += " ($" +
                 QString::fromStdString(percent_difference(*difference)).replace(QChar(0x2212), u'-').toStdString() +
                 "$)";
      }
      out += " \\\\\n";
    }
  }
  return out + "\\bottomrule\n\\end{tabular}\n";
}

}  // namespace bandscope::viz
