// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <vector>

#include "viz/draw/draw_panel.h"
#include "viz/draw/panel_texts.h"

namespace bandscope::viz {
namespace {

/// Room of an entry's sample, and from there to its label.
double sample_width(const LegendEntry& entry, const Metrics& metrics, double px) {
  return entry.kind == LegendEntry::Kind::square ? metrics.font * 0.8 + 5 * px : 17 * px;
}

/// One entry from `at` (a baseline), of a run (a name, in which no underscore is a symbol's) or of a mark; returns its
/// width.
double draw_entry(Canvas& canvas, const LegendEntry& entry, const QPointF& at, double size, double px,
                  const Metrics& metrics, const Theme& theme, bool run = false) {
  const double font = metrics.font, middle = at.y() - font * 0.34;
  const QColor color = over(entry.color, theme.background);
  if (entry.kind == LegendEntry::Kind::area) {
    canvas.fill(QRectF(at.x(), middle - font * 0.36, 13 * px, font * 0.72), color);
  } else if (entry.kind == LegendEntry::Kind::tick) {
    canvas.line({at.x() + 6 * px, middle + font * 0.35}, {at.x() + 6 * px, middle - font * 0.35}, color, 1.2 * px);
  } else if (entry.kind == LegendEntry::Kind::dashed) {
    canvas.line({at.x(), middle}, {at.x() + 5.5 * px, middle}, color, entry.width * px);
    canvas.line({at.x() + 8.5 * px, middle}, {at.x() + 14 * px, middle}, color, entry.width * px);
  } else if (entry.kind == LegendEntry::Kind::square) {
    canvas.fill(QRectF(at.x(), at.y() - font * 0.75, font * 0.8, font * 0.8), color);
  } else {
    canvas.line({at.x(), middle}, {at.x() + 13 * px, middle}, color, entry.width * px);
  }
  const QString label = QString::fromStdString(entry.label);
  const double sample = sample_width(entry, metrics, px);
  metrics.text.draw(canvas, {at.x() + sample, at.y()}, label, size, run ? theme.text : theme.muted, Align::left, false,
                    0, !run);
  return sample + metrics.text.width(label, size, false, !run) + (run ? 25 : 9) * px;
}

void draw_legend(Canvas& canvas, const Panel& panel, const PanelLayout& layout, const Metrics& metrics,
                 const Theme& theme) {
  const double font = metrics.font;
  if (panel.legend.empty()) return;
  const double baseline = layout.outer.top() + (layout.legend_below ? font * 2.75 : font * 1.3);
  const double size = layout.legend_size, px = metrics.px * layout.legend_tight;
  double y = baseline;
  for (const LegendLine& line : legend_lines(panel, layout.legend_lines, metrics)) {
    double x = layout.outer.right() - (line.gaps * layout.legend_tight + line.letters * size / font);
    if (layout.legend_below) x = std::max(layout.outer.left() + 1.9 * font, std::min(layout.plot.left(), x));
    for (std::size_t i = line.first; i < line.last; ++i) {
      const LegendEntry& entry = panel.legend[i];
      // What still has no room is left out rather than drawn over the neighbour.
      const double width = 18 * px + metrics.text.width(QString::fromStdString(entry.label), size);
      if (layout.legend_below && x + width > layout.outer.right() + metrics.px) break;
      x += draw_entry(canvas, entry, {x, y}, size, px, metrics, theme);
    }
    y += font * kLegendLine;
  }
}

}  // namespace

void draw_frame(Canvas& canvas, const Panel& panel, const PanelLayout& layout, const Metrics& metrics,
                const Theme& theme, bool legend) {
  const double px = metrics.px, font = metrics.font;
  const QRectF& plot = layout.plot;
  canvas.fill(plot, theme.plot);
  const double title_left = layout.outer.left() + layout.title_left;
  metrics.text.draw(canvas, {title_left, layout.outer.top() + font * 1.3},
                    metrics.text.elided(QString::fromStdString(panel.title), layout.title_size,
                                        layout.outer.right() - title_left, true),
                    layout.title_size, theme.text, Align::left, true);
  if (const QString note = QString::fromStdString(panel.title_note); !note.isEmpty()) {
    const double from =
        title_left + metrics.text.width(QString::fromStdString(panel.title), layout.title_size, true) + font;
    const double until = layout.outer.right() - (legend && !layout.legend_below ? legend_width(panel, metrics) : 0);
    if (from + metrics.text.width(note, font * 0.95) <= until) {
      metrics.text.draw(canvas, {from, layout.outer.top() + font * 1.3}, note, font * 0.95, theme.muted);
    }
  }
  if (!panel.empty_text.empty()) return;
  if (panel.table) return draw_table(canvas, *panel.table, layout.outer, metrics, theme);

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
  const double y_size = layout.y_title_size;
  const QString y_title = metrics.text.elided(y_title_that_fits(panel, layout, metrics), y_size,
                                              layout.outer.bottom() - layout.y_title_top);
  const double half = metrics.text.width(y_title, y_size) / 2;
  const double middle = std::clamp(plot.center().y(), layout.y_title_top + half,
                                   std::max(layout.y_title_top + half, layout.outer.bottom() - half));
  metrics.text.draw(canvas, {layout.outer.left() + font * 1.0, middle}, y_title, y_size, theme.text, Align::centre,
                    false, -90);
  if (legend) draw_legend(canvas, panel, layout, metrics, theme);
}

namespace {

constexpr int most_legend_lines = 4;

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
    const LegendEntry& entry = run ? figure.runs[i] : figure.marks[i - figure.runs.size()];
    const double width = sample_width(entry, metrics, px) + (run ? 25 : 9) * px +
                         metrics.text.width(QString::fromStdString(entry.label), font, false, !run);
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
    const LegendEntry& run = figure.runs[entry.index];
    end = start + QPointF(draw_entry(canvas, run, start, font, px, metrics, figure.theme, true), 0);
  }
  if (placed.size() < figure.runs.size()) {
    metrics.text.draw(canvas, end, QString::fromStdString(figure.more_text).arg(figure.runs.size() - placed.size()),
                      font, figure.theme.muted);
  }
}

}  // namespace bandscope::viz
