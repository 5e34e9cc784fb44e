// SPDX-License-Identifier: GPL-3.0-or-later
// Which rows of a panel's curves are drawn, and how many there are: the same for screen, file and CSV.
#pragma once

#include <vector>

#include "viz/draw/panel_layout.h"
#include "viz/figure/pathway_codes.h"
#include "viz/figure/reduce.h"

namespace bandscope::viz {

/// A cell of a strip: one step, or those of a column of pixels. Undefined where no count is above 0.
struct StripCell {
  double left, right;         ///< in canvas units
  std::uint32_t first, last;  ///< rows [first, last)
  CodeCounts counts;
};

struct StripPlan {
  std::vector<StripCell> cells;
  std::optional<double> agreement_in_view, agreement_of_all;
};

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
  std::vector<StripPlan> strips;                  ///< one per Strip::rows
  std::size_t points = 0, drawn = 0, undefined = 0, off_scale = 0;
  OffScale off;
};

/// Cells of a row of a strip, `columns` per canvas unit of the plot's width.
StripPlan plan_strip(const StripRow& row, const PanelLayout& layout, double columns_per_unit);

/// `columns` per canvas unit of the plot's width.
PanelPlan plan_panel(const Panel& panel, const PanelLayout& layout, double columns_per_unit,
                     std::optional<double> reveal_to);

}  // namespace bandscope::viz
