// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/chart/cursor_overlay.h"

#include <QStringList>
#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "viz/figure/translation.h"

namespace bandscope::viz {
namespace {

/// A value of a curve, or a sentence of its own (no group).
struct Reading {
  QString text;
  QColor color;
  bool dashed = false;
  QString group = {};  ///< name of the run
};

QString number_text(double value) {
  const bool plain = std::isfinite(value) && std::abs(value) >= 1e-3 && std::abs(value) < 1000;
  return QString::fromStdString(plain ? format_fixed(value, 3) : format_value(value));
}

QString place_text(const Axis& axis, double place) {
  const QString number = axis.whole ? QString::fromStdString(format_fixed(place, 0)) : number_text(place);
  return axis.reading.empty() ? number : QString::fromStdString(axis.reading).arg(number);
}

constexpr double sample_room = 1.6;  // of the font

/// The sample of a line: a square, or two dashes.
void draw_sample(Canvas& canvas, const Reading& reading, const QPointF& at, double font, const QColor& ground) {
  const QColor color = over(reading.color, ground);
  if (!reading.dashed) return canvas.fill(QRectF(at.x(), at.y() - font * 0.65, font * 0.6, font * 0.6), color);
  for (const double from : {0.0, 0.7}) {
    canvas.line({at.x() + from * font, at.y() - font * 0.35}, {at.x() + (from + 0.45) * font, at.y() - font * 0.35},
                color, 2);
  }
}

/// A box of lines beside x, on the side with more room, inside the plot: a heading, then the readings, as many columns
/// as it takes to say them all, names and letters shorter where even those have no room. What a tiny plot still has no
/// room for is counted.
void draw_box(const PanelDrawing& drawing, double x, double top, QString heading, std::vector<Reading> readings) {
  const auto& [canvas, panel, layout, plan, metrics, theme] = drawing;
  constexpr double pad = 5;
  double font = metrics.font * 0.95, line = 0, name_width = 0, text_width = 0;
  std::size_t rows = 0, columns = 1, fit = 1;
  const double room = layout.plot.height() - 2;
  double longest = 14;  // of a name, in letters' widths
  for (;;) {
    line = font * 1.35;
    fit = static_cast<std::size_t>(std::max(1.0, std::floor((room - pad) / line) - (heading.isEmpty() ? 0 : 1)));
    columns = std::max<std::size_t>(1, (readings.size() + fit - 1) / fit);
    rows = (readings.size() + columns - 1) / columns;
    name_width = text_width = 0;
    for (const Reading& reading : readings) {
      text_width = std::max(text_width, metrics.text.width(reading.text, font));
      if (!reading.group.isEmpty()) {
        name_width = std::max(
            name_width,
            std::min(longest * font * 0.55, metrics.text.width(reading.group, font, false, false)) + font * 0.6);
      }
    }
    const double all = static_cast<double>(columns) * (sample_room * font + name_width + text_width + pad) + pad;
    if (all <= 0.94 * layout.plot.width() || font < 0.7 * metrics.font) break;
    longest > 7 ? longest -= 2 : font -= 0.5;
  }
  const double cell = sample_room * font + name_width + text_width + pad;
  const auto beside = static_cast<std::size_t>(std::max(1.0, std::floor((layout.plot.width() - 2 * pad) / cell)));
  if (columns > beside) {
    const std::size_t left_out = readings.size() - beside * fit;
    readings.resize(beside * fit);
    columns = beside;
    rows = fit;
    heading += QStringLiteral("   ") +
               QString::fromStdString(window_words(QT_TRANSLATE_NOOP("Figure", "+ %1 more"))).arg(left_out);
  }
  const double width = std::max(static_cast<double>(columns) * cell + pad, metrics.text.width(heading, font) + 2 * pad);
  const double lines = static_cast<double>(rows) + (heading.isEmpty() ? 0 : 1);
  const double height = line * lines + pad;
  double left = x + 8;
  // Left of the cursor where that has the room, and over it where neither side has.
  if (left + width > layout.plot.right()) left = x - 8 - width;
  if (left < layout.plot.left()) left = std::max(layout.plot.left() + 2, layout.plot.right() - 2 - width);
  const QRectF box(left, std::clamp(top, layout.plot.top(), std::max(layout.plot.top(), layout.plot.bottom() - height)),
                   width, height);
  canvas.fill(box.adjusted(-1, -1, 1, 1), theme.grid);
  canvas.fill(box, at(theme.background, 0.93));
  double first = box.top() + font * 1.15;
  if (!heading.isEmpty()) {
    metrics.text.draw(canvas, {box.left() + pad, first}, heading, font, theme.muted);
    first += line;
  }
  for (std::size_t i = 0; i < readings.size(); ++i) {
    const Reading& reading = readings[i];
    QPointF at(box.left() + pad + static_cast<double>(i / rows) * cell, first + static_cast<double>(i % rows) * line);
    draw_sample(canvas, reading, at, font, theme.background);
    at.rx() += sample_room * font;
    if (!reading.group.isEmpty()) {
      QString name = reading.group;
      // The end of a name is what tells runs apart as often as its start.
      while (name.size() > 3 && metrics.text.width(name, font, false, false) > name_width - font * 0.6) {
        const qsizetype middle = name.size() / 2;
        name = name.left(middle - 1) + u'…' + name.mid(middle + 1);
      }
      metrics.text.draw(canvas, at, name, font, theme.text, Align::left, false, 0, false);
      at.rx() += name_width;
    }
    metrics.text.draw(canvas, at, reading.text, font, theme.text);
  }
}

}  // namespace

bool row_held_at(const Samples& steps, double step, std::size_t* row) {
  const auto values = steps.values();
  const auto after = std::upper_bound(values.begin(), values.end(), step);
  if (after == values.begin()) return false;
  *row = static_cast<std::size_t>(after - values.begin()) - 1;
  return true;
}

bool row_at(const Samples& steps, double step, std::size_t* row) {
  if (!row_held_at(steps, step, row)) return false;
  const auto values = steps.values();
  const std::size_t last = values.size() - 1;
  return *row < last || last == 0 || step <= values[last] || step < 2 * values[last] - values[last - 1];
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
  std::set<std::string> names;
  for (const Line& line : panel.lines) names.insert(line.run);
  // One line says all of a run where there are many; of one or two each value has its own, with its mean beside it.
  const bool many = names.size() > 2;
  bool smoothing = false;
  std::string run;
  std::size_t group = 0;
  for (const Line& line : panel.lines) {
    std::size_t row = 0;
    if (!(plane ? row_held_at : row_at)(line.steps, step, &row) || row >= line.y.size()) continue;
    const bool smooth = !line.smooth.empty();
    smoothing = smoothing || smooth;
    const bool on_smooth = plane && smooth;
    const double value = on_smooth ? line.smooth[row] : line.y[row];
    const double at_x = plane ? (on_smooth ? line.smooth_x[row] : line.x[row]) : step;
    const auto dot = [&](double y, const QColor& fill, const QColor& edge) {
      if (layout.y.shows(y) && layout.x.shows(at_x)) canvas.circle(plot_point(layout, at_x, y), 3.2, fill, edge, 1.2);
    };
    // Full where the value is read, a ring on the mean.
    if (!plane && smooth) dot(line.smooth[row], theme.plot, over(line.color, theme.plot));
    dot(value, over(line.color, theme.plot), theme.plot);
    QString text =
        QString::fromStdString(window_words(line.symbol.c_str())) + QStringLiteral("  ") + number_text(value);
    if (smooth && !many && !plane) {
      text += QString::fromStdString(window_words(QT_TRANSLATE_NOOP("Figure", "  (mean %1)")))
                  .arg(number_text(line.smooth[row]));
    }
    // Chosen before rejected: within a run, lines are drawn back to front.
    const QString name = names.size() > 1 ? QString::fromStdString(line.run) : QString();
    if (many && line.run == run && !readings.empty()) {
      readings.back() = {text + QStringLiteral("   ") + readings.back().text, line.color, line.dashed, name};
      continue;
    }
    if (line.run != run) group = readings.size(), run = line.run;
    readings.insert(readings.begin() + static_cast<std::ptrdiff_t>(group), {text, line.color, line.dashed, name});
  }
  if (panel.strip) {
    for (const StripRow& cells : panel.strip->rows) {
      std::size_t row = 0;
      if (!row_at(cells.steps, step, &row) || row >= cells.codes.size()) continue;
      const double code = cells.codes[row];
      const bool defined = code >= 0 && code < 4;
      const StripKind none{"–", theme.muted};
      const StripKind& kind = defined ? panel.strip->kinds[static_cast<std::size_t>(code)] : none;
      readings.push_back({QString::fromStdString(cells.label + "  " + kind.name), kind.color, false,
                          panel.strip->rows.size() > 2 ? QString::fromStdString(cells.run) : QString()});
    }
    // The strip is lower than a box of four lines: its words are in the strip of values under the charts.
    if (layout.plot.height() < metrics.font * 1.4 * static_cast<double>(readings.size() + 1)) readings.clear();
    if (readings.empty()) return canvas.unclip();
  }
  if (plane) {
    canvas.unclip();
    return;
  }
  QString heading = place_text(panel.x, step);
  if (smoothing) heading += QString::fromStdString(window_words(QT_TRANSLATE_NOOP("Figure", ", raw values")));
  draw_box(drawing, x, layout.plot.top() + 4, heading, readings);
  canvas.unclip();
}

void draw_event_hint(const PanelDrawing& drawing, const QPointF& mouse) {
  const auto& [canvas, panel, layout, plan, metrics, theme] = drawing;
  if (mouse.y() > layout.plot.top() + 14 || mouse.y() < layout.plot.top() - 6) return;
  for (const EventMark& event : panel.events) {
    if (!layout.x.shows(event.step)) continue;
    const double x = layout.x(event.step);
    if (mouse.x() < x - 4 || mouse.x() > x + 10) continue;
    QStringList words{place_text(panel.x, event.step)};
    for (const auto& part : {event.kind, event.message.english()}) {
      if (!part.empty()) words << QString::fromStdString(part);
    }
    const QString text = words.join(QStringLiteral(" · "));
    draw_box(drawing, x, layout.plot.top() + 12, {},
             {{metrics.text.elided(text, metrics.font * 0.95, layout.plot.width() * 0.9), event.color}});
    return;
  }
}

}  // namespace bandscope::viz
