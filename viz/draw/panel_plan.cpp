// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/draw/panel_plan.h"

#include <cmath>

namespace bandscope::viz {
namespace {

/// Points of a path that lie outside the plot on any side.
std::size_t outside(const Line& line, const DrawnRows& rows, const PanelLayout& layout) {
  std::size_t count = 0;
  for (const std::uint32_t row : rows.rows) {
    const double x = line.x[row], y = line.y[row];
    count += x < layout.x.range.least || x > layout.x.range.greatest || y < layout.y.range.least ||
             y > layout.y.range.greatest;
  }
  return count;
}

}  // namespace

PanelPlan plan_panel(const Panel& panel, const PanelLayout& layout, double columns_per_unit,
                     std::optional<double> reveal_to) {
  PanelPlan plan;
  const int columns = std::max(1, static_cast<int>(std::lround(layout.plot.width() * columns_per_unit)));
  const auto count = [&plan](const DrawnRows& rows) {
    plan.points += rows.points;
    plan.drawn += rows.drawn;
    plan.undefined += rows.undefined;
  };
  for (const Line& line : panel.lines) {
    PanelPlan::Curve curve;
    if (line.by_step) {
      curve.raw = reduce_curve(line.x, line.y, layout.x, panel.y.log, columns);
      if (!line.smooth.empty()) curve.smooth = reduce_curve(line.x, line.smooth, layout.x, panel.y.log, columns);
      const OffScale off = count_off_scale(line.y, visible_rows(line.x, layout.x.range), layout.y.range, panel.y.log);
      plan.off.below += off.below;
      plan.off.above += off.above;
    } else {
      std::size_t end = line.steps.size();
      if (reveal_to) end = visible_rows(line.steps, {-HUGE_VAL, *reveal_to}).last;
      curve.raw = reduce_path(line.x, line.y, layout.x, layout.y, end);
      if (!line.smooth.empty()) curve.smooth = reduce_path(line.smooth_x, line.smooth, layout.x, layout.y, end);
      plan.off_scale += outside(line, curve.raw, layout);
    }
    count(curve.raw);
    plan.lines.push_back(std::move(curve));
  }
  for (const BandArea& band : panel.bands) {
    PanelPlan::Edges edges{reduce_edge(band.steps, band.lower, band.upper, layout.x, panel.y.log, columns),
                           reduce_edge(band.steps, band.upper, band.lower, layout.x, panel.y.log, columns)};
    count(edges.lower);
    count(edges.upper);
    for (const Samples* edge : {&band.lower, &band.upper}) {
      const OffScale off =
          count_off_scale(*edge, visible_rows(band.steps, layout.x.range), layout.y.range, panel.y.log);
      plan.off.below += off.below;
      plan.off.above += off.above;
    }
    plan.bands.push_back(std::move(edges));
  }
  for (const Ticks& ticks : panel.ticks) {
    const Rows rows = visible_rows(ticks.steps, layout.x.range);
    std::vector<std::uint32_t> drawn;
    double last = -HUGE_VAL;
    for (std::size_t row = rows.first; row < rows.last;) {
      const double x = layout.x(ticks.steps[row]);
      if (x - last >= 0.999 / columns_per_unit) {
        drawn.push_back(static_cast<std::uint32_t>(row));
        last = x;
      }
      // The next tick that falls into another column, found without looking at those between.
      const double next = layout.x.value(last + 1 / columns_per_unit);
      const auto values = ticks.steps.values();
      const auto from = values.begin() + static_cast<std::ptrdiff_t>(row) + 1;
      row = static_cast<std::size_t>(
          std::lower_bound(from, values.begin() + static_cast<std::ptrdiff_t>(rows.last), next) - values.begin());
    }
    plan.ticks.push_back(std::move(drawn));
  }
  plan.off_scale += plan.off.below + plan.off.above;
  return plan;
}

}  // namespace bandscope::viz
