// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "viz/draw/dashes.h"
#include "viz/draw/draw_panel.h"

namespace bandscope::viz {

QPointF plot_point(const PanelLayout& layout, double x, double y) {
  const double height = layout.plot.height();
  return {layout.x(x), std::clamp(layout.y(y), layout.plot.top() - 8 * height, layout.plot.bottom() + 8 * height)};
}

std::vector<QPointF> plot_piece(const PanelLayout& layout, const Samples& x, const Samples& y, const DrawnRows& rows,
                                std::size_t index) {
  std::vector<QPointF> points;
  points.reserve(rows.piece_end(index) - rows.pieces[index]);
  for (std::size_t i = rows.pieces[index]; i < rows.piece_end(index); ++i) {
    points.push_back(plot_point(layout, x[rows.rows[i]], y[rows.rows[i]]));
  }
  return points;
}

/// A dense curve on the screen: per column one bar from its least to its greatest value, joined to the one before.
void PanelDrawing::bars(const Samples& x, const Samples& y, const DrawnRows& rows, const QColor& color, double width,
                        bool dashed) const {
  const double step = canvas.bar_width();
  std::vector<QRectF> rects;
  const auto visible = [&](double top, double bottom, double left) {
    if (bottom < layout.plot.top() || top > layout.plot.bottom()) return;
    if (dashed && !in_dash(left, layout.plot.left(), dash_on * metrics.px, dash_off * metrics.px)) return;
    rects.emplace_back(QPointF(left, std::max(top, layout.plot.top())),
                       QPointF(left + step, std::min(bottom, layout.plot.bottom())));
  };
  for (std::size_t index = 0; index < rows.pieces.size(); ++index) {
    double column = -1, top = 0, bottom = 0, last = 0;
    for (std::size_t i = rows.pieces[index]; i < rows.piece_end(index); ++i) {
      const QPointF at = point(x[rows.rows[i]], y[rows.rows[i]]);
      const double here = std::floor(at.x() / step);
      if (column < 0 || here != column) {
        if (column >= 0) visible(top - width / 2, bottom + width / 2, column * step);
        top = column >= 0 ? std::min(at.y(), last) : at.y();
        bottom = column >= 0 ? std::max(at.y(), last) : at.y();
        column = here;
      }
      top = std::min(top, at.y());
      bottom = std::max(bottom, at.y());
      last = at.y();
    }
    if (column >= 0) visible(top - width / 2, bottom + width / 2, column * step);
  }
  canvas.bars(rects, color);
}

void PanelDrawing::curve(const Samples& x, const Samples& y, const DrawnRows& rows, const QColor& color, double width,
                         Dash dash) const {
  if (canvas.bar_width() > 0 && rows.dense) return bars(x, y, rows, color, width, dash == Dash::x);
  const double on = dash_on * metrics.px, off = dash_off * metrics.px;
  // On the screen colours are mixed beforehand: overlapping segments then leave no darker dots.
  const QColor ink = canvas.bar_width() > 0 ? over(color, theme.plot) : color;
  // A defined step between undefined ones is a dot; where there is little else, one that is seen.
  constexpr std::size_t little = 8;
  const double dot = width * (rows.rows.size() <= little ? 2.0 : 0.9);
  for (std::size_t index = 0; index < rows.pieces.size(); ++index) {
    const auto points = piece(x, y, rows, index);
    if (points.size() == 1) {
      canvas.circle(points[0], dot, ink, ink, 0);
    } else if (dash == Dash::x) {
      canvas.polylines(dashes_along_x(points, layout.plot.left(), on, off), ink, width);
    } else if (dash == Dash::path) {
      canvas.polylines(dashes_along_path(points, on, off), ink, width);
    } else {
      canvas.polyline(points, ink, width);
    }
  }
}

/// A dense band on the screen: one bar per column, between the middles of both edges' extremes; the edges' own bars
/// cover the rest.
void PanelDrawing::dense_band(const BandArea& band, const PanelPlan::Edges& edges) const {
  const double step = canvas.bar_width();
  const auto columns = static_cast<std::size_t>(std::lround(layout.plot.width() / step)) + 2;
  struct Extent {
    double least = HUGE_VAL, greatest = -HUGE_VAL;
  };
  std::vector<Extent> lower(columns), upper(columns);
  const auto collect = [&](const Samples& values, const DrawnRows& rows, std::vector<Extent>& into) {
    for (const std::uint32_t row : rows.rows) {
      const QPointF at = plot_point(layout, band.steps[row], values[row]);
      const double column = std::floor((at.x() - layout.plot.left()) / step);
      if (column < 0 || column >= static_cast<double>(columns)) continue;
      Extent& extent = into[static_cast<std::size_t>(column)];
      extent.least = std::min(extent.least, at.y());
      extent.greatest = std::max(extent.greatest, at.y());
    }
  };
  collect(band.lower, edges.lower, lower);
  collect(band.upper, edges.upper, upper);
  std::vector<QRectF> rects;
  for (std::size_t column = 0; column < columns; ++column) {
    if (lower[column].least == HUGE_VAL || upper[column].least == HUGE_VAL) continue;
    const double left = layout.plot.left() + static_cast<double>(column) * step;
    rects.emplace_back(QPointF(left, (upper[column].least + upper[column].greatest) / 2),
                       QPointF(left + step, (lower[column].least + lower[column].greatest) / 2));
  }
  canvas.bars(rects, band.fill);
  bars(band.steps, band.lower, edges.lower, band.edge, 0.8 * metrics.px, false);
  bars(band.steps, band.upper, edges.upper, band.edge, 0.8 * metrics.px, false);
}

void PanelDrawing::band(const BandArea& band, const PanelPlan::Edges& edges) const {
  if (edges.lower.dense && canvas.bar_width() > 0) return dense_band(band, edges);
  // Both edges break at the same rows, so their pieces match.
  for (std::size_t index = 0; index < std::min(edges.lower.pieces.size(), edges.upper.pieces.size()); ++index) {
    const auto lower = piece(band.steps, band.lower, edges.lower, index);
    const auto upper = piece(band.steps, band.upper, edges.upper, index);
    std::vector<QPointF> around = upper;
    around.insert(around.end(), lower.rbegin(), lower.rend());
    if (upper.size() == 1 && lower.size() == 1) {  // one step alone still has a band
      const double half = 0.5 * metrics.px;
      around = {upper[0] - QPointF(half, 0), upper[0] + QPointF(half, 0), lower[0] + QPointF(half, 0),
                lower[0] - QPointF(half, 0)};
    }
    canvas.polygon(around, band.fill);
    if (lower.size() > 1) canvas.polyline(lower, band.edge, 0.8 * metrics.px);
    if (upper.size() > 1) canvas.polyline(upper, band.edge, 0.8 * metrics.px);
  }
}

void PanelDrawing::bands() const {
  for (std::size_t i = 0; i < panel.bands.size(); ++i) band(panel.bands[i], plan.bands[i]);
}

void PanelDrawing::raw(std::size_t index) const {
  const Line& line = panel.lines[index];
  curve(line.x, line.y, plan.lines[index].raw, raw_color(line), raw_width(line) * metrics.px, dash(line));
}

void PanelDrawing::smooth(std::size_t index) const {
  const Line& line = panel.lines[index];
  if (line.smooth.empty()) return;
  curve(line.by_step ? line.x : line.smooth_x, line.smooth, plan.lines[index].smooth, line.color,
        line.width * metrics.px, dash(line));
}

void PanelDrawing::ends(const Line& line, const PanelPlan::Curve& curve) const {
  const bool smoothing = !line.smooth.empty();
  const DrawnRows& rows = smoothing ? curve.smooth : curve.raw;
  if (line.by_step || rows.rows.empty()) return;
  const auto at_row = [&](std::uint32_t row) {
    return point(smoothing ? line.smooth_x[row] : line.x[row], smoothing ? line.smooth[row] : line.y[row]);
  };
  canvas.circle(at_row(rows.rows.front()), 4 * metrics.px, theme.plot, line.color, 1.6 * metrics.px);
  // Where the run was after each quarter of its steps, where the path is long enough and the paths are few enough to
  // tell them apart.
  constexpr std::size_t most_paths = 4;
  QPointF before = at_row(rows.rows.front());
  const double last = line.steps[rows.rows.back()], first = line.steps[rows.rows.front()];
  for (int quarter = 1; quarter < 4; ++quarter) {
    const double step = first + (last - first) * quarter / 4;
    const auto near = std::lower_bound(rows.rows.begin(), rows.rows.end(), step,
                                       [&](std::uint32_t row, double value) { return line.steps[row] < value; });
    if (near == rows.rows.end() || rows.rows.size() < 12 || panel.lines.size() > most_paths) break;
    const QPointF here = at_row(*near);
    if ((here - before).manhattanLength() < 2.5 * metrics.font) continue;
    before = here;
    canvas.circle(here, 2.6 * metrics.px, theme.plot, line.color, 1.2 * metrics.px);
    metrics.text.draw(canvas, here + QPointF(5 * metrics.px, -4 * metrics.px),
                      QString::fromStdString(format_count(static_cast<std::size_t>(line.steps[*near]))),
                      metrics.font * 0.85, theme.muted);
  }
  canvas.circle(at_row(rows.rows.back()), 4 * metrics.px, line.color, theme.plot, 1.2 * metrics.px);
}

void PanelDrawing::quadrants() const {
  const double pad = 6 * metrics.px, font = metrics.font;
  const QRectF& plot = layout.plot;
  for (const Quadrant& quadrant : panel.quadrants) {
    const bool right = quadrant.corner == 0, top = quadrant.corner != 1;
    const QPointF at(right ? plot.right() - pad : plot.left() + pad,
                     top ? plot.top() + font + pad : plot.bottom() - pad);
    // A path that runs below the name leaves it readable.
    const double width = metrics.text.width(QString::fromStdString(quadrant.label), font, true);
    canvas.fill(QRectF(right ? at.x() - width - 2 * metrics.px : at.x() - 2 * metrics.px, at.y() - font,
                       width + 4 * metrics.px, 1.35 * font),
                viz::at(theme.plot, 0.75));
    metrics.text.draw(canvas, at, QString::fromStdString(quadrant.label), font, legible(quadrant.color, theme.plot),
                      right ? Align::right : Align::left, true);
  }
}

/// Ticks of a pixel's width; close ones join, so that a stretch looks like one.
void PanelDrawing::short_ticks(const std::vector<double>& at, double top, double height, const QColor& color) const {
  std::vector<QRectF> rects;
  for (std::size_t i = 0; i < at.size(); ++i) {
    const double left = canvas.bar_width() > 0 ? std::floor(at[i]) : at[i] - metrics.px / 2;
    double width = metrics.px;
    if (i + 1 < at.size() && at[i + 1] - at[i] < 2.5 * metrics.px) width = std::max(width, at[i + 1] - at[i]);
    rects.emplace_back(left, top, canvas.bar_width() > 0 ? std::ceil(width) : width, height);
  }
  canvas.bars(rects, color);
}

/// Undefined rows: short grey ticks at the upper edge.
void PanelDrawing::undefined(const Samples& x, const DrawnRows& rows) const {
  std::vector<double> marks;
  for (const std::uint32_t row : rows.skipped) {
    const double here = layout.x(x[row]);
    if (marks.empty() || here - marks.back() >= 0.99 * metrics.px) marks.push_back(here);
  }
  short_ticks(marks, layout.plot.top(), 2.5 * metrics.px, over(at(theme.muted, 0.5), theme.plot));
}

void PanelDrawing::off_scale() const {
  const double px = metrics.px, size = 4 * px;
  const QRectF& plot = layout.plot;
  const auto mark = [&](bool above, std::size_t count) {
    if (count == 0) return;
    const double y = above ? plot.top() + 2 * px : plot.bottom() - 2 * px, tip = above ? -1 : 1;
    const double x = plot.right() - 6 * px;
    const QPointF triangle[] = {{x - size, y - tip * size * 1.2}, {x + size, y - tip * size * 1.2}, {x, y}};
    const QString text = QString::fromStdString(panel.off_scale_text).arg(QString::fromStdString(format_count(count)));
    const double font = metrics.font * 0.9, width = metrics.text.width(text, font);
    const QPointF baseline(x - size - 3 * px, above ? plot.top() + font + px : plot.bottom() - 3 * px);
    canvas.fill(QRectF(baseline.x() - width - 3 * px, baseline.y() - font, plot.right() - baseline.x() + width + 3 * px,
                       font * 1.3),
                at(theme.plot, 0.85));
    canvas.polygon(triangle, theme.muted);
    metrics.text.draw(canvas, baseline, text, font, theme.muted, Align::right);
  };
  mark(true, plan.off.above);
  mark(false, plan.off.below);
}

void PanelDrawing::events() const {
  const double px = metrics.px;
  for (const EventMark& event : panel.events) {
    if (!layout.x.shows(event.step)) continue;
    const double x = layout.x(event.step);
    if (x < layout.plot.left() || x > layout.plot.right()) continue;
    canvas.line({x, layout.plot.top()}, {x, layout.plot.bottom()}, at(event.color, 0.6), 0.8 * px);
    const QPointF flag[] = {
        {x, layout.plot.top()}, {x + 7 * px, layout.plot.top() + 3.5 * px}, {x, layout.plot.top() + 7 * px}};
    canvas.polygon(flag, event.color);
  }
}

void PanelDrawing::explain_empty() const {
  if (panel.empty_text.empty()) return;
  // A sentence or two, broken between words, in the middle of the plot.
  const double room = layout.plot.width() * 0.86;
  std::vector<QString> lines(1);
  for (const QString& word : QString::fromStdString(panel.empty_text).split(u' ')) {
    const QString longer = lines.back().isEmpty() ? word : lines.back() + u' ' + word;
    if (!lines.back().isEmpty() && metrics.text.width(longer, metrics.font) > room) {
      lines.push_back(word);
    } else {
      lines.back() = longer;
    }
  }
  double y = layout.plot.center().y() - (static_cast<double>(lines.size()) - 1) * metrics.font * 0.75;
  for (const QString& text : lines) {
    metrics.text.draw(canvas, {layout.plot.center().x(), y}, text, metrics.font, theme.muted, Align::centre);
    y += metrics.font * 1.5;
  }
}

void PanelDrawing::dots(std::size_t index) const {
  const Line& line = panel.lines[index];
  const DrawnRows& rows = plan.lines[index].raw;
  if (!line.dots || rows.dense) return;
  const QColor ink = over(raw_color(line), theme.plot);
  for (std::size_t i = 0; i < rows.pieces.size(); ++i)
    for (const QPointF& at : piece(line.x, line.y, rows, i)) canvas.circle(at, 2.4 * metrics.px, ink, ink, 0);
}

void PanelDrawing::marks() const {
  for (std::size_t i = 0; i < panel.lines.size(); ++i) {
    dots(i);
    if (panel.lines[i].by_step) {
      undefined(panel.lines[i].x, plan.lines[i].raw);
    } else {
      ends(panel.lines[i], plan.lines[i]);
    }
  }
  for (std::size_t i = 0; i < panel.ticks.size(); ++i) {
    std::vector<double> at;
    for (const std::uint32_t row : plan.ticks[i]) at.push_back(layout.x(panel.ticks[i].steps[row]));
    short_ticks(at, layout.plot.bottom() - 5 * metrics.px, 5 * metrics.px, panel.ticks[i].color);
  }
  quadrants();
  events();
  off_scale();
  explain_empty();
}

QColor raw_color(const Line& line) { return line.smooth.empty() ? line.color : at(line.color, 0.25); }

double raw_width(const Line& line) { return line.smooth.empty() ? line.width : 0.8 * line.width; }

void draw_curves(Canvas& canvas, const Panel& panel, const PanelLayout& layout, const PanelPlan& plan,
                 const Metrics& metrics, const Theme& theme) {
  const PanelDrawing drawing{canvas, panel, layout, plan, metrics, theme};
  canvas.clip(layout.plot);
  drawing.bands();
  drawing.strip();
  for (std::size_t i = 0; i < panel.lines.size(); ++i) drawing.raw(i);
  for (std::size_t i = 0; i < panel.lines.size(); ++i) drawing.smooth(i);
  drawing.marks();
  canvas.unclip();
}

}  // namespace bandscope::viz
