// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <vector>

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
  double x = layout.plot.right() - needed + 8 * px;
  if (layout.legend_below) {
    // Then the room above the tick labels is taken, up to the title of the axis.
    const double total = gaps * tight + (needed - gaps) * size / font;
    x = std::max(layout.outer.left() + 1.9 * font, std::min(layout.plot.left(), layout.outer.right() - total));
  }
  for (const LegendEntry& entry : panel.legend) {
    // What still has no room is left out rather than drawn over the neighbour.
    const double width = 18 * px + metrics.text.width(QString::fromStdString(entry.label), size);
    if (layout.legend_below && x + width > layout.outer.right() + metrics.px) break;
    x += draw_entry(canvas, entry, {x, baseline}, size, px, metrics, theme);
  }
}

constexpr double smallest_title = 0.74;  ///< of the font

/// "z — mean log-probability per token (nats)", or "z (nats)" where even small letters are too long for it.
QString title_that_fits(const QString& title, double room, const Metrics& metrics) {
  const qsizetype dash = title.indexOf(QStringLiteral(" — ")), unit = title.lastIndexOf(QStringLiteral(" ("));
  if (metrics.text.width(title, metrics.font * smallest_title) <= 0.97 * room || dash < 0) return title;
  return title.left(dash) + (unit > dash ? title.mid(unit) : QString());
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
  const QString whole = title_that_fits(QString::fromStdString(panel.y.title), layout.outer.height(), metrics);
  const double y_size =
      font * std::clamp(0.97 * layout.outer.height() / metrics.text.width(whole, font), smallest_title, 1.0);
  const QString y_title = metrics.text.elided(whole, y_size, layout.outer.height());
  const double half = metrics.text.width(y_title, y_size) / 2;
  const double middle = std::clamp(plot.center().y(), layout.outer.top() + half,
                                   std::max(layout.outer.top() + half, layout.outer.bottom() - half));
  metrics.text.draw(canvas, {layout.outer.left() + font * 1.0, middle}, y_title, y_size, theme.text, Align::centre,
                    false, -90);
  if (legend) draw_legend(canvas, panel, layout, metrics, theme);
}

namespace {

constexpr int most_legend_lines = 3;

/// An entry of the legend of the runs: a run, or a mark.
struct Placed {
  std::size_t index = 0;  ///< runs first, then marks
  double x = 0;           ///< from the left
  int line = 0;
};

/// Entries in their places, as many as fit into the lines there are.
std::vector<Placed> place_entries(const Figure& figure, double room, const Metrics& metrics) {
  std::vector<Placed> placed;
  const double px = metrics.px, font = metrics.font;
  const double more = metrics.text.width(QString::fromStdString(figure.more_text), font) + 8 * px;
  double x = 0;
  int line = 0;
  const std::size_t all = figure.runs.size() + figure.marks.size();
  for (std::size_t i = 0; i < all; ++i) {
    const bool run = i < figure.runs.size();
    const auto& label = run ? figure.runs[i].first : figure.marks[i - figure.runs.size()].label;
    const double width = metrics.text.width(QString::fromStdString(label), font, false, !run) + (run ? 30 : 26) * px;
    // The last line keeps room for how many are left over.
    const double spare = line + 1 == most_legend_lines && i + 1 < all ? more : 0;
    if (x > 0 && x + width + spare > room + 12 * px) {
      if (line + 1 == most_legend_lines) break;
      x = 0;
      ++line;
    }
    placed.push_back({i, x, line});
    x += width;
  }
  return placed;
}

}  // namespace

double run_legend_line(const Metrics& metrics) { return metrics.font * 1.5; }

int run_legend_lines(const Figure& figure, double room, const Metrics& metrics) {
  const auto placed = place_entries(figure, room, metrics);
  return placed.empty() ? 0 : placed.back().line + 1;
}

void draw_run_legend(Canvas& canvas, const Figure& figure, const QPointF& at, double room, const Metrics& metrics) {
  const double px = metrics.px, font = metrics.font;
  const auto placed = place_entries(figure, room, metrics);
  QPointF end = at;
  for (const Placed& entry : placed) {
    const QPointF start = at + QPointF(entry.x, entry.line * run_legend_line(metrics));
    if (entry.index >= figure.runs.size()) {
      const LegendEntry& mark = figure.marks[entry.index - figure.runs.size()];
      end = start + QPointF(draw_entry(canvas, mark, start, font, px, metrics, figure.theme), 0);
      continue;
    }
    const auto& [name, hue] = figure.runs[entry.index];
    const QString label = QString::fromStdString(name);
    canvas.fill(QRectF(start.x(), start.y() - font * 0.75, font * 0.8, font * 0.8), hue);
    metrics.text.draw(canvas, start + QPointF(font * 0.8 + 5 * px, 0), label, font, figure.theme.text, Align::left,
                      false, 0, false);
    end = start + QPointF(metrics.text.width(label, font, false, false) + 30 * px, 0);
  }
  if (placed.size() < figure.runs.size()) {
    metrics.text.draw(canvas, end, QString::fromStdString(figure.more_text).arg(figure.runs.size() - placed.size()),
                      font, figure.theme.muted);
  }
}

}  // namespace bandscope::viz
