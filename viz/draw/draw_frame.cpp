// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "viz/draw/draw_panel.h"

namespace bandscope::viz {
namespace {

/// One entry from `at` (a baseline); returns its width.
double draw_entry(Canvas& canvas, const LegendEntry& entry, const QPointF& at, double size, double px,
                  const Metrics& metrics, const Theme& theme) {
  const double font = metrics.font, middle = at.y() - font * 0.34;
  const QColor color = over(entry.color, theme.background);
  if (entry.kind == LegendEntry::Kind::area) {
    canvas.fill(QRectF(at.x(), middle - font * 0.36, 13 * px, font * 0.72), color);
  } else if (entry.kind == LegendEntry::Kind::tick) {
    canvas.line({at.x() + 6 * px, middle + font * 0.35}, {at.x() + 6 * px, middle - font * 0.35}, color, 1.2 * px);
  } else {
    canvas.line({at.x(), middle}, {at.x() + 13 * px, middle}, color, entry.width * px);
  }
  const QString label = QString::fromStdString(entry.label);
  metrics.text.draw(canvas, {at.x() + 17 * px, at.y()}, label, size, theme.muted);
  return 26 * px + metrics.text.width(label, size);
}

void draw_legend(Canvas& canvas, const Panel& panel, const PanelLayout& layout, const Metrics& metrics,
                 const Theme& theme) {
  const double font = metrics.font;
  if (panel.legend.empty()) return;
  const double baseline = layout.outer.top() + (layout.legend_below ? font * 2.75 : font * 1.3);
  // Where the entries do not fit, the gaps give way first, then the letters.
  const double room = layout.outer.right() - layout.plot.left(), needed = legend_width(panel, metrics);
  const double gaps = 26 * metrics.px * static_cast<double>(panel.legend.size());
  const double tight = std::clamp((room - (needed - gaps)) / gaps, 0.6, 1.0);
  const double size = font * std::clamp((room - gaps * tight) / (needed - gaps), 0.7, 1.0);
  const double px = metrics.px * tight;
  double x = layout.legend_below ? layout.plot.left() : layout.plot.right() - needed + 8 * px;
  for (const LegendEntry& entry : panel.legend) {
    x += draw_entry(canvas, entry, {x, baseline}, size, px, metrics, theme);
  }
}

}  // namespace

void draw_frame(Canvas& canvas, const Panel& panel, const PanelLayout& layout, const Metrics& metrics,
                const Theme& theme, bool legend) {
  const double px = metrics.px, font = metrics.font;
  const QRectF& plot = layout.plot;
  canvas.fill(plot, theme.plot);
  const double title_size = font * 1.05;
  metrics.text.draw(
      canvas, {plot.left(), layout.outer.top() + font * 1.3},
      metrics.text.elided(QString::fromStdString(panel.title), title_size, layout.outer.right() - plot.left(), true),
      title_size, theme.text, Align::left, true);
  if (!panel.empty_text.empty()) return;

  for (const Tick& tick : layout.y_ticks) {
    const double y = layout.y(tick.value);
    if (y < plot.top() - 0.5 * px || y > plot.bottom() + 0.5 * px) continue;
    canvas.line({plot.left(), y}, {plot.right(), y}, tick.label.empty() ? at(theme.grid, 0.5) : theme.grid, 0.5 * px);
    metrics.text.draw(canvas, {plot.left() - 5 * px, y + font * 0.36}, QString::fromStdString(tick.label), font,
                      theme.muted, Align::right);
  }
  for (const Tick& tick : layout.x_ticks) {
    const double x = layout.x(tick.value);
    if (x < plot.left() - 0.5 * px || x > plot.right() + 0.5 * px) continue;
    canvas.line({x, plot.top()}, {x, plot.bottom()}, tick.label.empty() ? at(theme.grid, 0.5) : theme.grid, 0.5 * px);
    if (!layout.x_axis) continue;
    metrics.text.draw(canvas, {x, plot.bottom() + font * 1.05 + 4 * px}, QString::fromStdString(tick.label), font,
                      theme.muted, Align::centre);
  }
  const auto zero = [&](const Scale& scale) { return !scale.log && scale.range.least < 0 && scale.range.greatest > 0; };
  if ((panel.zero_line || !panel.quadrants.empty()) && zero(layout.y)) {
    canvas.line({plot.left(), layout.y(0)}, {plot.right(), layout.y(0)}, theme.zero, px);
  }
  if (!panel.quadrants.empty() && zero(layout.x)) {
    canvas.line({layout.x(0), plot.top()}, {layout.x(0), plot.bottom()}, theme.zero, px);
  }

  if (layout.x_title) {
    metrics.text.draw(canvas, {plot.center().x(), plot.bottom() + font * 2.4 + 5 * px},
                      QString::fromStdString(panel.x.title), font, theme.text, Align::centre);
  }
  const QString whole = QString::fromStdString(panel.y.title);
  const double y_size = font * std::clamp(layout.outer.height() / metrics.text.width(whole, font), 0.74, 1.0);
  const QString y_title = metrics.text.elided(whole, y_size, layout.outer.height());
  const double half = metrics.text.width(y_title, y_size) / 2;
  const double middle = std::clamp(plot.center().y(), layout.outer.top() + half,
                                   std::max(layout.outer.top() + half, layout.outer.bottom() - half));
  metrics.text.draw(canvas, {layout.outer.left() + font * 1.0, middle}, y_title, y_size, theme.text, Align::centre,
                    false, -90);
  if (legend) draw_legend(canvas, panel, layout, metrics, theme);
}

double draw_run_legend(Canvas& canvas, const Figure& figure, const QPointF& at, double room, const Metrics& metrics) {
  const double px = metrics.px, font = metrics.font;
  double x = at.x();
  for (std::size_t i = 0; i < figure.runs.size(); ++i) {
    const auto& [name, hue] = figure.runs[i];
    const QString label = QString::fromStdString(name);
    const double width = metrics.text.width(label, font, false, false) + 30 * px;
    if (x + width > at.x() + room && i > 0) {
      metrics.text.draw(canvas, {x, at.y()}, QString::fromStdString(figure.more_text).arg(figure.runs.size() - i), font,
                        figure.theme.muted);
      break;
    }
    canvas.fill(QRectF(x, at.y() - font * 0.75, font * 0.8, font * 0.8), hue);
    metrics.text.draw(canvas, {x + font * 0.8 + 5 * px, at.y()}, label, font, figure.theme.text, Align::left, false, 0,
                      false);
    x += width;
  }
  for (const LegendEntry& entry : figure.marks) {
    const double width = metrics.text.width(QString::fromStdString(entry.label), font) + 26 * px;
    if (x + width > at.x() + room) break;
    x += draw_entry(canvas, entry, {x, at.y()}, font, px, metrics, figure.theme);
  }
  return x - at.x();
}

}  // namespace bandscope::viz
