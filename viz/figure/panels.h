// SPDX-License-Identifier: GPL-3.0-or-later
// One function per panel: what it draws of the runs it is given. figures.cpp puts panels together.
#pragma once

#include <vector>

#include "viz/data/run_data.h"
#include "viz/figure/figure.h"

namespace bandscope::viz {

/// A run as it looks in the whole figure.
struct DrawnRun {
  RunDataPtr run;
  QColor hue;
  bool dashed = false;
  std::size_t spec = 0;   ///< the two of a pair have the same
  std::size_t group = 0;  ///< runs of one hue have the same
};
/// The runs with their looks (run_styles.h).
std::vector<DrawnRun> color_runs(const std::vector<RunDataPtr>& runs, const Theme& theme);

/// Band, centre, log r applied (and before calibration), and ticks where it is outside. `run` may be null: the panel
/// then says what is missing.
Panel band_panel(const DrawnRun& run, bool calibrated, const FigureOptions& options);
Panel likelihood_panel(const std::vector<DrawnRun>& runs, const FigureOptions& options);
Panel margin_panel(const std::vector<DrawnRun>& runs, const FigureOptions& options);
/// z_w over z_l, from the first step on; quadrants around the start name the pathways.
Panel plane_panel(const std::vector<DrawnRun>& runs, const FigureOptions& options);
Panel cosine_panel(const std::vector<DrawnRun>& runs, const FigureOptions& options);
Panel incentives_panel(const std::vector<DrawnRun>& runs, const FigureOptions& options);
Panel scores_panel(const std::vector<DrawnRun>& runs, const FigureOptions& options);

}  // namespace bandscope::viz
