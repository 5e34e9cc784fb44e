// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/draw/draw_panel.h"

namespace bandscope::viz {
namespace {

/// Within which the legend of the runs stands.
QRectF legend_area(const QRectF& area, const Metrics& metrics) {
  const double margin = 3 * metrics.px;
  return area.adjusted(margin + metrics.font * 0.6, margin + metrics.font * 1.1, -margin, 0);
}

QRectF panel_area(const Figure& figure, const QRectF& area, const Metrics& metrics) {
  const double margin = 3 * metrics.px;
  double legend = 0;
  if (figure.legend && !figure.runs.empty()) {
    const int lines = run_legend_lines(figure, legend_area(area, metrics).width(), metrics);
    legend = metrics.font * 1.9 + (lines - 1) * run_legend_line(metrics);
  }
  return area.adjusted(margin, margin + legend, -margin, -margin);
}

}  // namespace

FigurePlan plan_figure(const Figure& figure, const QRectF& area, const Metrics& metrics) {
  FigurePlan plan;
  const auto cells = grid_cells(figure, panel_area(figure, area, metrics), 10 * metrics.px, metrics);
  plan.layouts = layout_figure(figure, cells, visible_ranges(figure), metrics);
  for (std::size_t i = 0; i < figure.panels.size(); ++i) {
    plan.plans.push_back(plan_panel(figure.panels[i], plan.layouts[i], kPaperColumns, figure.reveal_to));
  }
  return plan;
}

void draw_figure(Canvas& canvas, const Figure& figure, const QRectF& area, const Metrics& metrics) {
  canvas.fill(area, figure.theme.background);
  if (figure.legend && !figure.runs.empty()) {
    const QRectF legend = legend_area(area, metrics);
    draw_run_legend(canvas, figure, legend.topLeft(), legend.width(), metrics);
  }
  const FigurePlan plan = plan_figure(figure, area, metrics);
  for (std::size_t i = 0; i < figure.panels.size(); ++i) {
    draw_frame(canvas, figure.panels[i], plan.layouts[i], metrics, figure.theme, figure.legend);
    draw_strip_frame(canvas, figure.panels[i], plan.layouts[i], plan.plans[i], metrics, figure.theme);
    draw_curves(canvas, figure.panels[i], plan.layouts[i], plan.plans[i], metrics, figure.theme);
  }
}

}  // namespace bandscope::viz
