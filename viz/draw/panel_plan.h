// SPDX-License-Identifier: GPL-3.0-or-later
// Which rows of a panel's curves are drawn, and how many there are: the same for screen, file and CSV.
#pragma once

#include <vector>

#include "viz/draw/panel_layout.h"
#include "viz/figure/reduce.h"

namespace bandscope::viz {

struct PanelPlan {
  struct Curve {
    DrawnRows raw, smooth;
  };
  struct Edges {
    DrawnRows lower, upper;
  };
  std::vector<Curve> lines;                       ///< one per Panel::lines
  std::vector<Edges> bands;                       ///< one per Panel::bands
  std::vector<std::vector<std::uint32_t>> ticks;  ///< one per Panel::ticks: rows drawn, at most one per column
  std::size_t points = 0, drawn = 0, undefined = 0, off_scale = 0;
  OffScale off;
};

/// `columns` per canvas unit of the plot's width.
PanelPlan plan_panel(const Panel& panel, const PanelLayout& layout, double columns_per_unit,
                     std::optional<double> reveal_to);

}  // namespace bandscope::viz
