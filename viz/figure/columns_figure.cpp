// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtCore/qglobal.h>

#include <algorithm>

#include "viz/figure/panel_parts.h"
#include "viz/figure/run_figures.h"

namespace bandscope::viz {
namespace {

/// "ρ — cosine of …" is the record's own English; a symbol and a unit are the same in every language.
std::string axis_title(const ColumnAbout& about) {
  std::string title(about.symbol.empty() ? about.name : about.symbol);
  if (!about.unit.empty()) title += " (" + std::string(about.unit) + ")";
  return title;
}

bool has_values(const std::vector<DrawnRun>& runs, Column column) {
  return std::ranges::any_of(runs, [column](const DrawnRun& drawn) {
    const Samples values = drawn.run->column(column);
    double least = 0, greatest = 0;
    return values.extremes(0, values.size(), &least, &greatest);
  });
}

}  // namespace

const std::vector<Column>& every_column() {
  static const std::vector<Column> columns = [] {
    std::vector<Column> all;
    for (int column = 0; column < column_count; ++column) all.push_back(static_cast<Column>(column));
    return all;
  }();
  return columns;
}

std::vector<FigurePart> column_parts() {
  std::vector<FigurePart> parts;
  for (const ColumnAbout& about : step_columns) parts.push_back({std::string(about.name), about.name.data()});
  return parts;
}

Figure columns_figure(const std::vector<DrawnRun>& runs, const FigureOptions& options) {
  Figure figure;
  for (const Column column : every_column()) {
    const ColumnAbout& about = step_columns[static_cast<std::size_t>(column)];
    const std::string name(about.name);
    const bool named = std::ranges::find(options.parts, name) != options.parts.end();
    if (options.parts.empty() ? !has_values(runs, column) && column != Column::loss : !named) continue;
    Panel panel = step_panel("columns", name, axis_title(about), options);
    panel.part = name;
    panel.y.key = "column:" + name;
    for (const DrawnRun& drawn : runs)
      panel.lines.push_back(
          step_line(drawn, column, about.symbol.empty() ? name : std::string(about.symbol), 1.0, options));
    explain_if_empty(panel, runs, options, QT_TRANSLATE_NOOP("Figure", "This is not in the record."));
    add_events(panel, runs, options);
    figure.panels.push_back(std::move(panel));
  }
  const int count = static_cast<int>(figure.panels.size());
  figure.columns = count <= 3 ? std::max(1, count) : count <= 4 ? 2 : count <= 9 ? 3 : count <= 16 ? 4 : 5;
  constexpr double least_panel = 34;  // millimetres in which a panel has room for its labels
  if (options.width_mm > 0)
    figure.columns = std::clamp(static_cast<int>(options.width_mm / least_panel), 1, figure.columns);
  figure.rows = (count + figure.columns - 1) / figure.columns;
  for (int i = 0; i < count; ++i) {
    Panel& panel = figure.panels[static_cast<std::size_t>(i)];
    panel.row = i / figure.columns;
    panel.column = i % figure.columns;
  }
  return figure;
}

}  // namespace bandscope::viz
