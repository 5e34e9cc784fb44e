// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/draw/panel_layout.h"

#include <algorithm>
#include <cmath>

#include "viz/draw/panel_texts.h"
#include "viz/draw/strip_words.h"
#include "viz/figure/reduce.h"

namespace bandscope::viz {
namespace {

void widen(std::map<std::string, Range>& ranges, const std::string& key, double least, double greatest) {
  const auto [entry, fresh] = ranges.try_emplace(key, Range{least, greatest});
  if (fresh) return;
  entry->second.least = std::min(entry->second.least, least);
  entry->second.greatest = std::max(entry->second.greatest, greatest);
}

/// Least value that a logarithmic axis can show.
bool least_positive(const Samples& samples, Rows rows, double* least) {
  bool found = false;
  for (std::size_t row = rows.first; row < std::min(rows.last, samples.size()); ++row) {
    const double value = samples[row];
    if (!(value > 0) || !std::isfinite(value)) continue;
    *least = found ? std::min(*least, value) : value;
    found = true;
  }
  return found;
}

void include(std::map<std::string, Range>& ranges, const Axis& axis, const Samples& samples, Rows rows) {
  double least = 0, greatest = 0;
  if (!samples.extremes(rows.first, rows.last, &least, &greatest)) return;
  if (axis.log && !(least > 0) && !least_positive(samples, rows, &least)) return;
  widen(ranges, axis.key, least, greatest);
}

/// Ascending values: the first that can be shown, and the last.
void include_ends(std::map<std::string, Range>& ranges, const Axis& axis, const Samples& samples) {
  if (samples.empty()) return;
  std::size_t first = 0;
  while (axis.log && first + 1 < samples.size() && !(samples[first] > 0)) ++first;
  if (!axis.log || samples[first] > 0) widen(ranges, axis.key, samples[first], samples[samples.size() - 1]);
}

/// Air on both sides, and a range of some width where all values are equal.
Range with_air(Range range, bool log, double share) {
  if (log) {
    const double factor = range.width() > 0 ? std::pow(range.greatest / range.least, share) : 2.0;
    return {range.least / factor, range.greatest * factor};
  }
  const double air = range.width() > 0 ? share * range.width() : std::max(1e-6, 0.1 * std::abs(range.greatest));
  return {range.least - air, range.greatest + air};
}

template <class Map>
const Range* find(const Map& map, const std::string& key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &found->second;
}

double tick_width(const std::vector<Tick>& ticks, const Metrics& metrics) {
  double width = 0;
  for (const Tick& tick : ticks) {
    width = std::max(width, metrics.text.width(QString::fromStdString(tick.label), metrics.font));
  }
  return width;
}

/// Height of a strip's title line.
double strip_top(const Metrics& metrics, bool words_below) {
  return metrics.font * 1.75 + 3 * metrics.px + (words_below ? strip_words_line(metrics) : 0);
}

/// Room for common numbers whatever the ticks, so that plots do not shift sideways while one zooms.
double usual_left(const Figure& figure, const Metrics& metrics) {
  return metrics.text.width(figure.columns > 2 ? QStringLiteral("−0.0") : QStringLiteral("−0.000"), metrics.font) +
         metrics.font * 1.9 + 7 * metrics.px;
}

/// In a narrow panel what is said about a strip has no room beside its title.
bool strip_words_below(const Figure& figure, const Panel& panel, double width, const Metrics& metrics) {
  const double title = metrics.text.width(QString::fromStdString(panel.title), metrics.font * 1.05, true);
  return usual_left(figure, metrics) + title + metrics.font + least_words_width(*panel.strip, metrics) > width;
}

}  // namespace

Ranges visible_ranges(const Figure& figure, const Ranges& zoom) {
  Ranges ranges;
  for (const Panel& panel : figure.panels) {
    for (const Line& line : panel.lines) {
      if (line.by_step) {
        include_ends(ranges.x, panel.x, line.x);
      } else {
        include(ranges.x, panel.x, line.x, {0, line.x.size()});
      }
    }
    for (const BandArea& band : panel.bands) include_ends(ranges.x, panel.x, band.steps);
    if (panel.strip) {
      for (const StripRow& row : panel.strip->rows) include_ends(ranges.x, panel.x, row.steps);
    }
  }
  for (const Panel& panel : figure.panels) {
    if (!find(ranges.x, panel.x.key)) ranges.x[panel.x.key] = {0, 1};
    if (panel.x.range) ranges.x[panel.x.key] = {panel.x.range->first, panel.x.range->second};
    if (const Range* zoomed = find(zoom.x, panel.x.key)) ranges.x[panel.x.key] = *zoomed;
  }
  for (const Panel& panel : figure.panels) {
    const Range& x = ranges.x[panel.x.key];
    for (const Line& line : panel.lines) {
      const Rows rows = line.by_step ? visible_rows(line.x, x) : Rows{0, line.y.size()};
      include(ranges.y, panel.y, line.y, rows);
    }
    for (const BandArea& band : panel.bands) {
      const Rows rows = visible_rows(band.steps, x);
      include(ranges.y, panel.y, band.lower, rows);
      include(ranges.y, panel.y, band.upper, rows);
    }
    if (!panel.quadrants.empty()) {  // the start belongs into the plane
      widen(ranges.x, panel.x.key, 0, 0);
      widen(ranges.y, panel.y.key, 0, 0);
      // Every quadrant keeps room for its name.
      for (Range* range : {&ranges.x[panel.x.key], &ranges.y[panel.y.key]}) {
        const double width = range->width();
        range->least = std::min(range->least, -0.2 * width);
        range->greatest = std::max(range->greatest, (range == &ranges.x[panel.x.key] ? 0.3 : 0.2) * width);
      }
    }
  }
  std::map<std::string, bool> aired_x, aired_y;
  for (const Panel& panel : figure.panels) {
    if (!find(ranges.y, panel.y.key)) ranges.y[panel.y.key] = {panel.y.log ? 0.1 : 0.0, 1};
    // Steps run from edge to edge; everything else gets air.
    Range& x = ranges.x[panel.x.key];
    const bool fixed_x = panel.x.range || find(zoom.x, panel.x.key);
    if (!std::exchange(aired_x[panel.x.key], true) && !fixed_x && (!panel.x.course || !(x.width() > 0))) {
      x = with_air(x, panel.x.log, 0.08);
    }
    Range& y = ranges.y[panel.y.key];
    if (std::exchange(aired_y[panel.y.key], true)) continue;
    if (const Range* zoomed = find(zoom.y, panel.y.key)) {
      y = *zoomed;
    } else if (panel.y.range) {
      y = {panel.y.range->first, panel.y.range->second};
    } else {
      y = with_air(y, panel.y.log, 0.06);
    }
  }
  return ranges;
}

std::vector<QRectF> grid_cells(const Figure& figure, const QRectF& area, double gap, const Metrics& metrics) {
  const bool strips_only = std::all_of(figure.panels.begin(), figure.panels.end(),
                                       [](const Panel& panel) { return panel.strip.has_value(); });
  std::vector<double> heights(static_cast<std::size_t>(figure.rows), 0), tops(heights.size(), area.top());
  const double width = (area.width() - gap * (figure.columns - 1)) / figure.columns;
  const auto cell_width = [&](const Panel& panel) { return width * panel.column_span + gap * (panel.column_span - 1); };
  for (const Panel& panel : figure.panels) {
    if (!panel.strip || strips_only) continue;
    const double rows = static_cast<double>(std::max<std::size_t>(2, panel.strip->rows.size()));
    double& height = heights[static_cast<std::size_t>(panel.row)];
    const bool below = strip_words_below(figure, panel, cell_width(panel), metrics);
    height = std::max(height, strip_top(metrics, below) + rows * metrics.font * 1.2 + 4 * metrics.px);
  }
  double taken = gap * (figure.rows - 1), shared = 0;
  for (const double height : heights) {
    taken += height;
    shared += height == 0;
  }
  const double each = shared > 0 ? (area.height() - taken) / shared : 0;
  for (std::size_t row = 0; row < heights.size(); ++row) {
    if (heights[row] == 0) heights[row] = each;
    if (row > 0) tops[row] = tops[row - 1] + heights[row - 1] + gap;
  }
  std::vector<QRectF> cells;
  for (const Panel& panel : figure.panels) {
    const auto row = static_cast<std::size_t>(panel.row);
    cells.emplace_back(area.left() + panel.column * (width + gap), tops[row], cell_width(panel), heights[row]);
  }
  return cells;
}

std::vector<PanelLayout> layout_figure(const Figure& figure, const std::vector<QRectF>& outers, const Ranges& ranges,
                                       const Metrics& metrics) {
  const double font = metrics.font, px = metrics.px;
  bool legend_below = false;
  const bool strips_only = std::all_of(figure.panels.begin(), figure.panels.end(),
                                       [](const Panel& panel) { return panel.strip.has_value(); });
  for (std::size_t i = 0; i < figure.panels.size(); ++i) {
    const Panel& panel = figure.panels[i];
    if (panel.strip && !strips_only) continue;
    const double title = metrics.text.width(QString::fromStdString(panel.title), font * 1.05, true);
    const double room = outers[i].width() - 6.5 * font;
    // Beside a strip's title its shares are said.
    if (!panel.legend.empty() && panel.strip) legend_below = true;
    if (!panel.legend.empty() && title + legend_width(panel, metrics) + 24 * px > room) legend_below = true;
  }
  // What has no room in one line even in the smallest letters gets two.
  int legend_lines = 1;
  for (std::size_t i = 0; i < figure.panels.size() && legend_below; ++i) {
    const Panel& panel = figure.panels[i];
    if ((!panel.strip || strips_only) && !legend_fits(panel, outers[i].width() - 1.9 * font, metrics)) legend_lines = 2;
  }
  const auto lowest = [&figure](const Panel& panel) {
    return std::none_of(figure.panels.begin(), figure.panels.end(), [&](const Panel& other) {
      return !other.strip && other.row > panel.row && other.column < panel.column + panel.column_span &&
             panel.column < other.column + other.column_span;
    });
  };

  std::vector<PanelLayout> layouts;
  double left = usual_left(figure, metrics);
  for (std::size_t i = 0; i < figure.panels.size(); ++i) {
    const Panel& panel = figure.panels[i];
    PanelLayout layout;
    layout.outer = outers[i];
    layout.legend_below = legend_below && (!panel.strip || strips_only);
    layout.legend_lines = legend_lines;
    layout.x_title = lowest(panel) || !panel.x.course;
    layout.x = {ranges.x.at(panel.x.key), 0, 1, panel.x.log};
    layout.y = {ranges.y.at(panel.y.key), 0, 1, panel.y.log};
    // A zoom from a linear axis may reach below what a logarithmic one can show.
    for (Scale* scale : {&layout.x, &layout.y}) {
      if (scale->log && !(scale->range.greatest > 0)) scale->range = {0.1, 1};
      if (scale->log && !(scale->range.least > 0)) scale->range.least = scale->range.greatest * 1e-4;
    }
    // A strip under other panels has their x axis.
    const bool bare = panel.strip && !strips_only;
    layout.x_axis = !bare;
    if (bare) layout.x_title = false;
    layout.words_below = bare && strip_words_below(figure, panel, outers[i].width(), metrics);
    const double texts = font * (legend_below ? 3.1 + kLegendLine * (legend_lines - 1) : 1.75) + 5 * px;
    const double top = bare ? strip_top(metrics, layout.words_below) : texts;
    const double bottom = bare ? 2 * px : font * (layout.x_title ? 2.9 : 1.45) + 5 * px;
    const QString last = QString::fromStdString(format_fixed(layout.x.range.greatest, 0));
    const double right = std::max(font * 1.1, panel.x.whole ? metrics.text.width(last, font) / 2 + 2 * px : 0.0);
    layout.plot = outers[i].adjusted(0, top, -right, -bottom);
    layout.y_ticks = y_ticks_that_fit(layout, panel.y.log, metrics);
    if (panel.strip) {
      layout.y_ticks.clear();
      for (const StripRow& row : panel.strip->rows) {
        left = std::max(left, metrics.text.width(QString::fromStdString(row.label), font * 0.95) + 10 * px);
      }
    }
    left = std::max(left, tick_width(layout.y_ticks, metrics) + font * 1.9 + 7 * px);
    layouts.push_back(std::move(layout));
  }
  for (std::size_t i = 0; i < layouts.size(); ++i) {
    PanelLayout& layout = layouts[i];
    layout.plot.setLeft(layout.outer.left() + left);
    if (layout.plot.width() < 10 * px) layout.plot.setWidth(10 * px);
    if (layout.plot.height() < 10 * px) layout.plot.setHeight(10 * px);
    layout.x.from = layout.plot.left();
    layout.x.to = layout.plot.right();
    layout.y.from = layout.plot.bottom();
    layout.y.to = layout.plot.top();
    const Axis& axis = figure.panels[i].x;
    // As many labels as stay apart; wide numbers need more room.
    int wanted = std::max(4, static_cast<int>(layout.plot.width() / (font * 5.5)));
    layout.x_ticks = make_ticks(layout.x.range, axis.log, axis.whole, wanted);
    while (wanted > 2 && static_cast<double>(layout.x_ticks.size()) * (tick_width(layout.x_ticks, metrics) + font) >
                             layout.plot.width()) {
      layout.x_ticks = make_ticks(layout.x.range, axis.log, axis.whole, --wanted);
    }
  }
  size_texts(figure, layouts, metrics);
  return layouts;
}

}  // namespace bandscope::viz
