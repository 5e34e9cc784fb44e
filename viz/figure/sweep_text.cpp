// SPDX-License-Identifier: GPL-3.0-or-later
// A sweep's numbers as texts: in a figure's table, as CSV, as LaTeX.
#include <QString>
#include <algorithm>
#include <cmath>
#include <set>

#include "core/export/csv.h"
#include "viz/figure/latex_text.h"
#include "viz/figure/panel_parts.h"
#include "viz/figure/sweep_table.h"
#include "viz/figure/ticks.h"

namespace bandscope::viz {
namespace {

constexpr int kPercentDigits = 2, kNatDigits = 3;

std::vector<std::size_t> wanted(const SweepTable& table, const std::vector<std::string>& names) {
  std::vector<std::size_t> all;
  const auto named = [&](const std::string& name) { return std::ranges::find(names, name) != names.end(); };
  for (std::size_t i = 0; i < table.quantities.size(); ++i) {
    const SweepQuantity& quantity = table.quantities[i];
    if (names.empty() || named(quantity.name) || (quantity.benchmark && named(kSweepBenchmarks))) all.push_back(i);
  }
  return all;
}

bool several_models(const SweepTable& table) {
  std::set<std::string> models;
  for (const SweepRow& row : table.rows) models.insert(row.model);
  return models.size() > 1;
}

bool several_seeds(const SweepTable& table) {
  return std::ranges::any_of(table.rows, [](const SweepRow& row) { return row.runs.size() > 1; });
}

std::string in_math(const std::string& text) {
  return QString::fromStdString(text).replace(QChar(0x2212), u'-').remove(u',').toStdString();
}

std::string latex_number(const SweepNumber& number, bool percent, bool sign) {
  const std::string mean = sweep_text(number.mean(), percent, sign);
  if (std::isnan(number.mean())) return "--";
  const std::string spread =
      std::isnan(number.spread()) ? "" : " \\pm " + in_math(sweep_text(number.spread(), percent));
  return "$" + in_math(mean) + spread + "$";
}

void add_number(std::string& line, const SweepNumber& number) {
  for (const double value : {number.mean(), number.spread()}) {
    line += ',';
    if (std::isfinite(value)) append_csv(line, value);
  }
}

}  // namespace

std::string sweep_text(double value, bool percent, bool sign) {
  if (std::isnan(value)) return "–";
  const int digits = percent ? kPercentDigits : kNatDigits;
  std::string text = format_fixed(value, digits);
  const std::string zero = format_fixed(0, digits);
  if (text == "−" + zero) text = zero;
  return sign && value > 0 && text != zero ? "+" + text : text;
}

std::string sweep_text(const SweepNumber& number, bool percent, bool sign) {
  const std::string mean = sweep_text(number.mean(), percent, sign);
  return std::isnan(number.spread()) ? mean : mean + " ± " + sweep_text(number.spread(), percent);
}

Table sweep_paper_table(const SweepTable& sweep, const std::vector<std::string>& names, const FigureOptions& options) {
  Table table;
  const std::vector<std::size_t> shown = wanted(sweep, names);
  if (shown.empty() || sweep.rows.empty()) return table;
  table.head = {options.say(QT_TRANSLATE_NOOP("Figure", "Objective"))};
  const bool models = several_models(sweep);
  if (models) table.head.push_back(options.say(QT_TRANSLATE_NOOP("Figure", "Model")));
  table.texts = table.head.size();
  const std::string without = options.say(QT_TRANSLATE_NOOP("Figure", "w/o RC")),
                    with = options.say(QT_TRANSLATE_NOOP("Figure", "w/ RC"));
  for (const std::size_t i : shown) {
    const std::size_t first = table.head.size();
    table.head.insert(table.head.end(), {without, with, "Δ"});
    table.groups.push_back({options.say(sweep.quantities[i].title.c_str()), first, table.head.size()});
  }
  for (const SweepRow& row : sweep.rows) {
    auto& cells = table.rows.emplace_back();
    cells.push_back({row.label, {}, {}});
    if (models) cells.push_back({row.model, {}, {}});
    for (const std::size_t i : shown) {
      const bool percent = sweep.quantities[i].percent;
      cells.push_back({sweep_text(row.cells[i].without, percent), {}, {}});
      cells.push_back({sweep_text(row.cells[i].with, percent), {}, {}});
      cells.push_back({sweep_text(row.cells[i].difference, percent, true), {}, {}});
    }
  }
  table.note = options.say(
      several_seeds(sweep) ? QT_TRANSLATE_NOOP("Figure", "mean ± standard deviation over seeds; z and margin in nats")
                           : QT_TRANSLATE_NOOP("Figure", "one run each; z and margin in nats"));
  table.csv = sweep_csv(sweep, names);
  table.latex = sweep_latex(sweep, names);
  return table;
}

Figure sweep_table_figure(const std::vector<DrawnRun>& runs, const FigureOptions& options) {
  std::vector<RunDataPtr> data;
  for (const DrawnRun& drawn : runs) data.push_back(drawn.run);
  Panel panel;
  panel.figure = "sweep-table";
  // Its quantities are columns of one table: whichever are wanted, the panel stays.
  panel.part = options.parts.empty() ? sweep_quantities().front().name : options.parts.front();
  panel.x.key = panel.y.key = "table";
  Table table = sweep_paper_table(sweep_table(data), options.parts, options);
  if (table.rows.empty()) {
    explain_if_empty(panel, runs, options,
                     QT_TRANSLATE_NOOP("Figure", "These runs have none of the figures asked for."));
  } else {
    panel.table = std::move(table);
  }
  Figure figure;
  figure.panels = {std::move(panel)};
  return figure;
}

std::string sweep_csv(const SweepTable& table, const std::vector<std::string>& names) {
  const std::vector<std::size_t> shown = wanted(table, names);
  std::string out = "Objective,Model,Runs w/o RC,Runs w/ RC";
  for (const std::size_t i : shown) {
    for (const char* side : {" w/o RC", " w/ RC", " delta"}) {
      for (const char* what : {"", " spread"}) {
        out += ',';
        append_csv(out, std::string_view(table.quantities[i].name + side + what));
      }
    }
  }
  out += '\n';
  for (const SweepRow& row : table.rows) {
    append_csv(out, std::string_view(row.label));
    out += ',';
    append_csv(out, std::string_view(row.model));
    const auto runs = [&](RunDataPtr RunPair::*half) {
      return std::to_string(
          std::ranges::count_if(row.runs, [&](const RunPair& pair) { return pair.*half != nullptr; }));
    };
    out += ',' + runs(&RunPair::without) + ',' + runs(&RunPair::with);
    for (const std::size_t i : shown) {
      add_number(out, row.cells[i].without);
      add_number(out, row.cells[i].with);
      add_number(out, row.cells[i].difference);
    }
    out += '\n';
  }
  return out;
}

std::string sweep_latex(const SweepTable& table, const std::vector<std::string>& names) {
  const std::vector<std::size_t> shown = wanted(table, names);
  const bool models = several_models(table);
  std::string out;
  if (several_seeds(table)) out += "% mean and standard deviation over seeds\n";
  out += "\\begin{tabular}{l" + std::string(models ? "l" : "") + std::string(3 * shown.size(), 'r') + "}\n\\toprule\n";
  std::string rules;
  std::size_t column = models ? 3 : 2;
  if (models) out += " &";
  for (const std::size_t i : shown) {
    out += " & \\multicolumn{3}{c}{" + latex(table.quantities[i].title) + "}";
    rules += "\\cmidrule(lr){" + std::to_string(column) + "-" + std::to_string(column + 2) + "} ";
    column += 3;
  }
  if (!rules.empty()) rules.back() = '\n';
  out += " \\\\\n" + rules + "Objective" + (models ? " & Model" : "");
  for (std::size_t i = 0; i < shown.size(); ++i) out += " & w/o RC & w/ RC & $\\Delta$";
  out += " \\\\\n\\midrule\n";
  for (const SweepRow& row : table.rows) {
    out += latex(row.label) + (models ? " & " + latex(row.model) : "");
    for (const std::size_t i : shown) {
      const bool percent = table.quantities[i].percent;
      out += " & " + latex_number(row.cells[i].without, percent, false) + " & " +
             latex_number(row.cells[i].with, percent, false) + " & " +
             latex_number(row.cells[i].difference, percent, true);
    }
    out += " \\\\\n";
  }
  return out + "\\bottomrule\n\\end{tabular}\n";
}

}  // namespace bandscope::viz
