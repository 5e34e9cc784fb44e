// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/chart/cursor_overlay.h"

#include <QStringList>
#include <algorithm>
#include <cmath>

#include "viz/figure/words.h"

namespace bandscope::viz {
namespace {

struct Reading {
  QString text;
  QColor color;
};

QString step_text(double step) {
  return QString::fromStdString(window_words(QT_TRANSLATE_NOOP("Figure", "step %1")))
      .arg(QString::fromStdString(format_fixed(step, 0)));
}

/// A box of lines of text beside x, on the side with more room, inside the plot.
void draw_box(const PanelDrawing& drawing, double x, double top, const std::vector<Reading>& readings) {
  const auto& [canvas, panel, layout, plan, metrics, theme] = drawing;
  const double font = metrics.font * 0.95, line = font * 1.35, pad = 5;
  double width = 0;
  for (const Reading& reading : readings) width = std::max(width, metrics.text.width(reading.text, font));
  width += 2 * pad + font;
  const double height = line * static_cast<double>(readings.size()) + pad;
  const bool right = x + 10 + width <= layout.plot.right();
  const QRectF box(right ? x + 8 : std::max(layout.plot.left() + 2, x - 8 - width),
                   std::clamp(top, layout.plot.top(), std::max(layout.plot.top(), layout.plot.bottom() - height)),
                   width, height);
  canvas.fill(box.adjusted(-1, -1, 1, 1), theme.grid);
  canvas.fill(box, at(theme.background, 0.93));
  double y = box.top() + font * 1.15;
  for (const Reading& reading : readings) {
    canvas.fill(QRectF(box.left() + pad, y - font * 0.65, font * 0.6, font * 0.6),
                over(reading.color, theme.background));
    metrics.text.draw(canvas, {box.left() + pad + font, y}, reading.text, font, theme.text);
    y += line;
  }
}

}  // namespace

bool row_at(const Samples& steps, double step, std::size_t* row) {
  const auto values = steps.values();
  const auto after = std::upper_bound(values.begin(), values.end(), step);
  if (after == values.begin()) return false;
  *row = static_cast<std::size_t>(after - values.begin()) - 1;
  return true;
}

void draw_cursor(const PanelDrawing& drawing, double step) {
  const auto& [canvas, panel, layout, plan, metrics, theme] = drawing;
  if (!panel.empty_text.empty()) return;
  const bool plane = !panel.quadrants.empty();
  const double x = layout.x(step);
  if (!plane && (!layout.x.shows(step) || x < layout.plot.left() - 0.5 || x > layout.plot.right() + 0.5)) return;
  canvas.clip(layout.plot);
  if (!plane)
    canvas.line({std::floor(x) + 0.5, layout.plot.top()}, {std::floor(x) + 0.5, layout.plot.bottom()}, theme.cursor, 1);
  std::vector<Reading> readings;
  std::string run;
  std::size_t group = 0;
  for (const Line& line : panel.lines) {
    std::size_t row = 0;
    if (!row_at(line.steps, step, &row)) continue;
    const bool on_smooth = plane && !line.smooth.empty();
    const double value = on_smooth ? line.smooth[row] : line.y[row];
    const double at_x = plane ? (on_smooth ? line.smooth_x[row] : line.x[row]) : step;
    if (layout.y.shows(value) && layout.x.shows(at_x)) {
      const QPointF dot = plot_point(layout, at_x, line.smooth.empty() || plane ? value : line.smooth[row]);
      canvas.circle(dot, 3.2, over(line.color, theme.plot), theme.plot, 1.2);
    }
    const std::string number = std::isfinite(value) && std::abs(value) >= 1e-3 && std::abs(value) < 1000
                                   ? format_fixed(value, 3)
                                   : format_value(value);
    // Chosen before rejected: within a run, lines are drawn back to front.
    if (line.run != run) group = readings.size(), run = line.run;
    readings.insert(readings.begin() + static_cast<std::ptrdiff_t>(group),
                    {QString::fromStdString(window_words(line.symbol.c_str()) + "  " + number), line.color});
  }
  if (panel.strip) {
    for (const StripRow& cells : panel.strip->rows) {
      std::size_t row = 0;
      if (!row_at(cells.steps, step, &row) || row >= cells.codes.size()) continue;
      const double code = cells.codes[row];
      const bool defined = code >= 0 && code < 4;
      const StripKind none{"–", theme.muted};
      const StripKind& kind = defined ? panel.strip->kinds[static_cast<std::size_t>(code)] : none;
      readings.push_back({QString::fromStdString(cells.label + "  " + kind.name), kind.color});
    }
    // The strip is lower than a box of four lines: its words are in the strip of values under the charts.
    if (layout.plot.height() < metrics.font * 1.4 * static_cast<double>(readings.size() + 1)) readings.clear();
    if (readings.empty()) return canvas.unclip();
  }
  if (plane) {
    canvas.unclip();
    return;
  }
  readings.insert(readings.begin(), Reading{step_text(step), QColor(0, 0, 0, 0)});
  draw_box(drawing, x, layout.plot.top() + 4, readings);
  canvas.unclip();
}

void draw_event_hint(const PanelDrawing& drawing, const QPointF& mouse) {
  const auto& [canvas, panel, layout, plan, metrics, theme] = drawing;
  if (mouse.y() > layout.plot.top() + 14 || mouse.y() < layout.plot.top() - 6) return;
  for (const EventMark& event : panel.events) {
    if (!layout.x.shows(event.step)) continue;
    const double x = layout.x(event.step);
    if (mouse.x() < x - 4 || mouse.x() > x + 10) continue;
    QStringList words{step_text(event.step)};
    for (const auto& part : {event.kind, event.message}) {
      if (!part.empty()) words << QString::fromStdString(part);
    }
    const QString text = words.join(QStringLiteral(" · "));
    draw_box(drawing, x, layout.plot.top() + 12,
             {{metrics.text.elided(text, metrics.font * 0.95, layout.plot.width() * 0.9), event.color}});
    return;
  }
}

}  // namespace bandscope::viz
