// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtCore/qglobal.h>

#include <algorithm>
#include <cmath>

#include "viz/figure/panel_parts.h"
#include "viz/figure/run_figures.h"

namespace bandscope::viz {
namespace {

bool recorded(const std::vector<DrawnRun>& runs, Column column) {
  return std::ranges::any_of(runs, [&](const DrawnRun& drawn) {
    const Samples values = drawn.run->column(column);
    for (std::size_t row = 0; row < values.size(); ++row) {
      if (!std::isnan(values[row])) return true;
    }
    return false;
  });
}

/// Those asked for; else those that have a value in one of the runs, or all where there is none.
std::vector<Column> columns_to_draw(const std::vector<DrawnRun>& runs, const FigureOptions& options) {
  std::vector<Column> all, chosen;
  for (int i = 0; i < column_count; ++i) {
    const auto column = static_cast<Column>(i);
    const bool wanted =
        options.parts.empty()
            ? recorded(runs, column)
            : std::ranges::find(options.parts, step_columns[static_cast<std::size_t>(i)].name) != options.parts.end();
    all.push_back(column);
    if (wanted) chosen.push_back(column);
  }
  return chosen.empty() ? all : chosen;
}

Panel column_panel(Column column, const std::vector<DrawnRun>& runs, const FigureOptions& options) {
  const ColumnAbout& about = step_columns[static_cast<std::size_t>(column)];
  const std::string name(about.name);
  std::string axis(about.symbol.empty() ? about.name : about.symbol);
  if (!about.unit.empty()) axis += " (" + std::string(about.unit) + ")";
  Panel panel = step_panel("columns", name, axis, options);
  panel.part = panel.y.key = name;
  for (const DrawnRun& drawn : runs) panel.lines.push_back(step_line(drawn, column, name, 1.0, options));
  explain_if_empty(panel, runs, options, QT_TRANSLATE_NOOP("Figure", "This is not in the record."));
  add_events(panel, runs, options);
  return panel;
}

}  // namespace

std::vector<FigurePart> columns_parts() {
  std::vector<FigurePart> parts;
  for (const ColumnAbout& about : step_columns) parts.push_back({std::string(about.name), about.name.data()});
  return parts;
}

Figure columns_figure(const std::vector<DrawnRun>& runs, const FigureOptions& options) {
  const std::vector<Column> columns = columns_to_draw(runs, options);
  const int count = static_cast<int>(columns.size());
  Figure figure;
  figure.columns = count < 3 ? count : count == 4 ? 2 : 3;
  figure.rows = (count + figure.columns - 1) / figure.columns;
  for (int i = 0; i < count; ++i) {
    Panel panel = column_panel(columns[static_cast<std::size_t>(i)], runs, options);
    panel.row = i / figure.columns;
    panel.column = i % figure.columns;
    figure.panels.push_back(std::move(panel));
  }
  return figure;
}

}  // namespace bandscope::viz
