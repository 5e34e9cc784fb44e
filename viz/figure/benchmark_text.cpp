// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/figure/benchmark_text.h"

#include <QString>
#include <charconv>
#include <cmath>
#include <set>

#include "viz/figure/evaluation_words.h"
#include "viz/figure/latex_text.h"

namespace bandscope::viz {
namespace {

using Cell = BenchmarkMethod::Cell;

std::string latex(const std::string& text) { return latex_text(QString::fromStdString(text)).toStdString(); }

/// Shortest text that reads back as the same double; nothing where there is none.
std::string full(double value) {
  if (!std::isfinite(value)) return {};
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value);
  return {buffer, end.ptr};
}

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
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

std::string benchmarks_csv(const BenchmarkTable& table, const std::vector<std::string>& tasks) {
  const std::vector<std::size_t> columns = table.columns(tasks);
  const bool average = columns.size() > 1 && tasks.empty();
  std::string out = "Model,Method,RC,Run,Step";
  for (const std::string& title : titles_of(table, columns))
    out += "," + quoted(title) + "," + quoted(title + " stderr") + "," + quoted(title + " p");
  out += average ? ",Average,Delta\n" : "\n";
  for (const BenchmarkMethod& method : table.methods) {
    for (const Row& row : rows_of(method)) {
      out += quoted(method.model) + "," + quoted(row.label()) + "," + row.rc() + "," + quoted(row.run()->name) + "," +
             std::to_string(row.run()->evaluation.back().step);
      for (const std::size_t i : columns) {
        const Cell& cell = method.cells[i];
        const auto& number = row.number(cell);
        out += "," + (number ? full(number->value) : "") + "," + (number ? full(number->error) : "") + ",";
        if (row.second && cell.test.test != PairedTest::none) out += full(cell.test.p);
      }
      if (average) {
        const auto& mean = row.number(method.average);
        out += "," + (mean ? full(mean->value) : "") + ",";
        if (const auto difference = method.average.difference(); row.second && difference) out += full(*difference);
      }
      out += "\n";
    }
  }
  return out;
}

std::string benchmarks_latex(const BenchmarkTable& table, const std::vector<std::string>& tasks) {
  const std::vector<std::size_t> columns = table.columns(tasks);
  const bool average = columns.size() > 1 && tasks.empty();
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
