// SPDX-License-Identifier: GPL-3.0-or-later
// Draws a panel as laid out: frame (what stands still while curves are read) and curves.
#pragma once

#include <optional>

#include "viz/draw/canvas.h"
#include "viz/draw/panel_layout.h"
#include "viz/draw/panel_plan.h"

namespace bandscope::viz {

/// Plot background, grid, zero line, tick labels, titles and legend.
void draw_frame(Canvas& canvas, const Panel& panel, const PanelLayout& layout, const Metrics& metrics,
                const Theme& theme, bool legend);
/// Bands, lines, ticks, events, marks of what is off the scale or undefined; or why the panel is empty.
void draw_curves(Canvas& canvas, const Panel& panel, const PanelLayout& layout, const PanelPlan& plan,
                 const Metrics& metrics, const Theme& theme);

/// A whole figure on paper: margins, legend of the runs, panels. `area` in points.
void draw_figure(Canvas& canvas, const Figure& figure, const QRectF& area, const Metrics& metrics);
/// Layout and plan of every panel, as draw_figure uses them.
struct FigurePlan {
  std::vector<PanelLayout> layouts;
  std::vector<PanelPlan> plans;
};
FigurePlan plan_figure(const Figure& figure, const QRectF& area, const Metrics& metrics);
/// Columns per point on paper: 600 to the inch.
inline constexpr double kPaperColumns = 600.0 / 72.0;

/// "▪ w/o RC · dpo   ▪ w/ RC · dpo-rc" in one line from `at` (a baseline), within `room`; returns its width.
double draw_run_legend(Canvas& canvas, const Figure& figure, const QPointF& at, double room, const Metrics& metrics);

}  // namespace bandscope::viz
