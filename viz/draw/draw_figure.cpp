// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/draw/draw_panel.h"

namespace bandscope::viz {
namespace {

QRectF panel_area(const Figure& figure, const QRectF& area, const Metrics& metrics) {
  const double margin = 3 * metrics.px;
  const bool legend = figure.legend && !figure.runs.empty();
  return area.adjusted(margin, margin + (legend ? metrics.font * 1.9 : 0), -margin, -margin);
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
    const double margin = 3 * metrics.px;
    draw_run_legend(canvas, figure,
                    {area.left() + margin + metrics.font * 0.6, area.top() + margin + metrics.font * 1.1},
                    area.width() - 2 * margin - (figure.marks.empty() ? 6 : 0) * metrics.font, metrics);
  }
  const FigurePlan plan = plan_figure(figure, area, metrics);
  for (std::size_t i = 0; i < figure.panels.size(); ++i) {
    draw_frame(canvas, figure.panels[i], plan.layouts[i], metrics, figure.theme, figure.legend);
    draw_strip_frame(canvas, figure.panels[i], plan.layouts[i], plan.plans[i], metrics, figure.theme);
    draw_curves(canvas, figure.panels[i], plan.layouts[i], plan.plans[i], metrics, figure.theme);
  }
}

}  // namespace bandscope::viz
