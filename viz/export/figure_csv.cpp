// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/export/figure_csv.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/export/csv.h"
#include "viz/draw/draw_panel.h"
#include "viz/export/export_figure.h"
#include "viz/export/paper.h"

namespace bandscope::viz {
namespace {

struct Cell {
  double step, value;
};

struct CsvColumn {
  std::string name;
  std::vector<Cell> cells;  ///< by ascending step
  std::size_t next = 0;
};

std::vector<Cell> cells(const Samples& steps, const Samples& values, std::vector<std::uint32_t> rows) {
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  std::vector<Cell> out;
  for (const std::uint32_t row : rows) out.push_back({steps[row], values[row]});
  return out;
}

std::vector<std::uint32_t> with_skipped(const DrawnRows& rows) {
  std::vector<std::uint32_t> all = rows.rows;
  all.insert(all.end(), rows.skipped.begin(), rows.skipped.end());
  return all;
}

}  // namespace

std::string drawn_csv(const Figure& figure, const std::vector<PanelPlan>& plans) {
  std::vector<CsvColumn> columns;
  std::set<std::string> names;
  const auto add = [&](const std::string& name, std::vector<Cell> content) {
    if (names.insert(name).second) columns.push_back({name, std::move(content)});
  };
  for (std::size_t i = 0; i < figure.panels.size(); ++i) {
    const Panel& panel = figure.panels[i];
    for (std::size_t k = 0; k < panel.lines.size(); ++k) {
      const Line& line = panel.lines[k];
      const auto rows = with_skipped(plans[i].lines[k].raw);
      if (!line.x_column.empty()) add(line.run + "/" + line.x_column, cells(line.steps, line.x, rows));
      add(line.run + "/" + line.column, cells(line.steps, line.y, rows));
      if (!line.smooth_x.empty()) {
        add(line.run + "/" + line.x_column + " (smoothed)",
            cells(line.steps, line.smooth_x, with_skipped(plans[i].lines[k].smooth)));
      }
      if (!line.smooth.empty()) {
        add(line.run + "/" + line.column + " (smoothed)",
            cells(line.steps, line.smooth, with_skipped(plans[i].lines[k].smooth)));
      }
    }
    for (std::size_t k = 0; k < panel.bands.size(); ++k) {
      const BandArea& band = panel.bands[k];
      add(band.run + "/" + band.lower_column, cells(band.steps, band.lower, with_skipped(plans[i].bands[k].lower)));
      add(band.run + "/" + band.upper_column, cells(band.steps, band.upper, with_skipped(plans[i].bands[k].upper)));
    }
    for (std::size_t k = 0; panel.strip && k < panel.strip->rows.size(); ++k) {
      // How many of a cell's steps took each pathway, at the cell's first step.
      const StripRow& row = panel.strip->rows[k];
      for (std::size_t kind = 0; kind < panel.strip->kinds.size(); ++kind) {
        std::vector<Cell> counts;
        for (const StripCell& cell : plans[i].strips[k].cells) {
          counts.push_back({row.steps[cell.first], static_cast<double>(cell.counts.of[kind])});
        }
        add(row.run + "/" + row.column + ": " + panel.strip->kinds[kind].name, std::move(counts));
      }
    }
    for (std::size_t k = 0; k < panel.ticks.size(); ++k) {
      std::vector<Cell> marks;
      for (const std::uint32_t row : plans[i].ticks[k]) marks.push_back({panel.ticks[k].steps[row], 1.0});
      add(panel.ticks[k].run + "/" + panel.ticks[k].column, std::move(marks));
    }
  }

  std::string out = figure.x_column;
  std::vector<double> steps;
  for (const CsvColumn& column : columns) {
    out += ',';
    append_csv(out, std::string_view(column.name));
  }
  out += "\n";
  // Rows at one place, as two steps within one tick of a clock, are a line each.
  for (;;) {
    double place = HUGE_VAL;
    for (const CsvColumn& column : columns)
      if (column.next < column.cells.size()) place = std::min(place, column.cells[column.next].step);
    if (place == HUGE_VAL) break;
    append_csv(out, place);
    for (CsvColumn& column : columns) {
      out += ',';
      if (column.next >= column.cells.size() || column.cells[column.next].step != place) continue;
      append_csv(out, column.cells[column.next++].value);
    }
    out += "\n";
  }
  return out;
}

std::string figure_csv(const Figure& figure) {
  return drawn_csv(figure, plan_figure(figure, paper_area(figure), paper_metrics(figure)).plans);
}

}  // namespace bandscope::viz
