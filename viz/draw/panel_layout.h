// SPDX-License-Identifier: GPL-3.0-or-later
// Where a panel's parts lie: ranges from the data and the zoom, ticks, plot area with its margins.
#pragma once

#include <QRectF>
#include <map>
#include <string>
#include <vector>

#include "viz/draw/canvas.h"
#include "viz/figure/figure.h"
#include "viz/figure/range.h"
#include "viz/figure/ticks.h"

namespace bandscope::viz {

/// Visible range per axis key. Axes of one key share it, within and across panels.
struct Ranges {
  std::map<std::string, Range> x, y;
};

/// What is visible: the zoom where it says so, else the axis' own range, else everything (x) or what the visible rows
/// need (y), with a little air. Never empty: an axis without data gets 0 to 1.
Ranges visible_ranges(const Figure& figure, const Ranges& zoom = {});

struct PanelLayout {
  QRectF outer, plot;
  Scale x, y;
  std::vector<Tick> x_ticks, y_ticks;
  bool x_axis = true;         ///< ticks are written under the plot
  bool x_title = true;        ///< written under the axis (the lowest panel of a column)
  bool words_below = false;   ///< of a strip: how far its rows agree is said under the title
  bool legend_below = false;  ///< the legend has lines of its own under the title
  int legend_lines = 1;       ///< one or two, the same in every panel of a figure
  /// Sizes of texts, the same in every panel of a figure: what the panel with the least room for them needs.
  double title_size = 0, y_title_size = 0, legend_size = 0;
  double y_title_top = 0;   ///< how far up the title of the y axis may reach
  double title_left = 0;    ///< of the title, from the left edge of `outer`
  double legend_tight = 1;  ///< share of the usual gaps in the legend
};

/// Lays out the panels of a figure in an area, left and right edges of plot areas aligned by column.
std::vector<PanelLayout> layout_figure(const Figure& figure, const std::vector<QRectF>& outers, const Ranges& ranges,
                                       const Metrics& metrics);
/// Cells of the figure's grid. Rows of strips are as high as they need, the others share the rest.
std::vector<QRectF> grid_cells(const Figure& figure, const QRectF& area, double gap, const Metrics& metrics);

}  // namespace bandscope::viz
