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
/// A table in the middle of `area`: whole, its letters as small as its width needs, down to a limit; beyond that in
/// blocks of columns under each other. Every number is drawn.
void draw_table(Canvas& canvas, const Table& table, const QRectF& area, const Metrics& metrics, const Theme& theme);
/// Height that draw_table() takes in an area of this width where nothing else limits it.
double table_height(const Table& table, double width, const Metrics& metrics);
/// Labels of a strip's rows, and how far prediction and outcome agree.
void draw_strip_frame(Canvas& canvas, const Panel& panel, const PanelLayout& layout, const PanelPlan& plan,
                      const Metrics& metrics, const Theme& theme);
/// Where row `index` of a strip of `rows` rows lies.
QRectF strip_row(const PanelLayout& layout, std::size_t rows, std::size_t index);
/// Where a value is drawn. Clipping is the canvas' work; y is kept near enough for coordinates of any format.
QPointF plot_point(const PanelLayout& layout, double x, double y);
/// One unbroken piece of a curve.
std::vector<QPointF> plot_piece(const PanelLayout& layout, const Samples& x, const Samples& y, const DrawnRows& rows,
                                std::size_t index);

/// One panel being drawn.
struct PanelDrawing {
  Canvas& canvas;
  const Panel& panel;
  const PanelLayout& layout;
  const PanelPlan& plan;
  const Metrics& metrics;
  const Theme& theme;

  void bands() const;
  void strip() const;
  /// The line's raw curve (faint when there is a smoothed one).
  void raw(std::size_t line) const;
  void smooth(std::size_t line) const;
  /// Ticks, events, ends of paths, marks of what is off the scale or undefined; or why the panel is empty.
  void marks() const;

 private:
  QPointF point(double x, double y) const { return plot_point(layout, x, y); }
  std::vector<QPointF> piece(const Samples& x, const Samples& y, const DrawnRows& rows, std::size_t index) const {
    return plot_piece(layout, x, y, rows, index);
  }
  void band(const BandArea& band, const PanelPlan::Edges& edges) const;
  void dense_band(const BandArea& band, const PanelPlan::Edges& edges) const;
  void short_ticks(const std::vector<double>& at, double top, double height, const QColor& color) const;
  /// How a curve is broken: not at all, along x, or along itself (a path).
  enum class Dash { none, x, path };
  static Dash dash(const Line& line) { return !line.dashed ? Dash::none : line.by_step ? Dash::x : Dash::path; }
  void curve(const Samples& x, const Samples& y, const DrawnRows& rows, const QColor& color, double width,
             Dash dash) const;
  void bars(const Samples& x, const Samples& y, const DrawnRows& rows, const QColor& color, double width,
            bool dashed) const;
  void quadrants() const;
  void ends(const Line& line, const PanelPlan::Curve& curve) const;
  void dots(std::size_t line) const;
  void undefined(const Samples& x, const DrawnRows& rows) const;
  void off_scale() const;
  void events() const;
  void explain_empty() const;
};
/// Colour and width in which a line's raw curve is drawn.
QColor raw_color(const Line& line);
double raw_width(const Line& line);
/// Everything of the panel but its frame.
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

/// Height of a line of the legend of the runs.
double run_legend_line(const Metrics& metrics);
/// Lines that it takes within `room`, at most four: what is still left over is counted in its last.
int run_legend_lines(const Figure& figure, double room, const Metrics& metrics);
/// "▪ w/o RC · dpo   ▪ w/ RC · dpo-rc", and what the marks mean, from `at` (the first baseline), within `room`.
void draw_run_legend(Canvas& canvas, const Figure& figure, const QPointF& at, double room, const Metrics& metrics);

}  // namespace bandscope::viz
