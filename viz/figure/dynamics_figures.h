// SPDX-License-Identifier: GPL-3.0-or-later
// The figures of the ratio, the likelihoods and the margin over the steps.
#pragma once

#include <vector>

#include "viz/figure/figure.h"
#include "viz/figure/panels.h"

namespace bandscope::viz {

/// The paper's figure: bands above, likelihoods and margin below. A lone run has one band, over the whole width, and of
/// two runs that are no pair each has its own.
Figure dynamics_figure(const std::vector<DrawnRun>& runs, const FigureOptions& options);
/// One band per run, those of a spec side by side: two in a row, four where there are many.
Figure band_figure(const std::vector<DrawnRun>& runs, const FigureOptions& options);
/// Likelihoods and margin of all runs.
Figure overlay_figure(const std::vector<DrawnRun>& runs, const FigureOptions& options);

}  // namespace bandscope::viz
