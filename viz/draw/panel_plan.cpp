// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/draw/panel_plan.h"

#include <algorithm>
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

StripPlan plan_strip(const StripRow& row, const PanelLayout& layout, double columns_per_unit) {
  StripPlan plan;
  const auto steps = row.steps.values().first(std::min(row.steps.size(), row.codes.size()));
  Rows rows = visible_rows(row.steps, layout.x.range);
  rows.last = std::min(rows.last, steps.size());
  rows.first = std::min(rows.first, rows.last);
  plan.agreement_in_view = agreement_share(row.agreement, rows);
  plan.agreement_of_all = agreement_share(row.agreement, {0, row.agreement.size()});
  // Half of a cell may reach into view from either side.
  if (rows.first > 0) --rows.first;
  if (rows.last < steps.size()) ++rows.last;
  if (rows.first == rows.last) return plan;
  const auto middle = [&](std::size_t left) { return (layout.x(steps[left]) + layout.x(steps[left + 1])) / 2; };
  const auto left_of = [&](std::size_t at) {
    if (at > 0 && layout.x.shows(steps[at - 1])) return middle(at - 1);
    return at + 1 < steps.size() ? 2 * layout.x(steps[at]) - middle(at) : layout.plot.left();
  };
  const auto right_of = [&](std::size_t at) {
    if (at + 1 < steps.size()) return middle(at);
    return at > 0 && layout.x.shows(steps[at - 1]) ? 2 * layout.x(steps[at]) - middle(at - 1) : layout.plot.right();
  };
  const auto add = [&](std::size_t first, std::size_t last, double left, double right) {
    left = std::max(left, layout.plot.left());
    right = std::min(right, layout.plot.right());
    if (right <= left) return;
    plan.cells.push_back({left, right, static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last),
                          count_codes(row.codes, {first, last})});
  };
  while (rows.first < rows.last && !layout.x.shows(steps[rows.first])) ++rows.first;
  const double room = layout.plot.width() * columns_per_unit;
  if (static_cast<double>(rows.last - rows.first) <= room) {
    for (std::size_t at = rows.first; at < rows.last; ++at) add(at, at + 1, left_of(at), right_of(at));
    return plan;
  }
  const double unit = 1 / columns_per_unit;
  const auto columns = static_cast<std::size_t>(std::ceil(room));
  std::size_t start = rows.first;
  for (std::size_t column = 0; column < columns && start < rows.last; ++column) {
    const double right = layout.plot.left() + unit * static_cast<double>(column + 1);
    std::size_t end = rows.last;
    if (column + 1 < columns) {
      const auto from = steps.begin() + static_cast<std::ptrdiff_t>(start);
      end = static_cast<std::size_t>(
          std::lower_bound(from, steps.begin() + static_cast<std::ptrdiff_t>(rows.last), layout.x.value(right)) -
          steps.begin());
    }
    if (end > start) add(start, end, right - unit, right);
    start = end;
  }
  return plan;
}

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
  if (panel.strip) {
    for (const StripRow& row : panel.strip->rows) plan.strips.push_back(plan_strip(row, layout, columns_per_unit));
  }
  plan.off_scale += plan.off.below + plan.off.above;
  return plan;
}

}  // namespace bandscope::viz
