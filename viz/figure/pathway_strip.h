// SPDX-License-Identifier: GPL-3.0-or-later
// The strip of pathways: a row of cells for what every step was predicted to do, and one for what it did.
#pragma once

#include "viz/figure/panels.h"

namespace bandscope::viz {

/// Two rows per run. The panel has no y axis; its height is a few lines of text.
Panel strip_panel(const std::vector<DrawnRun>& runs, const FigureOptions& options);
/// Puts strips under the figure, one per column where a pair of runs has a column each, if all its panels are over
/// steps. Of many runs the first two have strips.
void add_strips(Figure& figure, const std::vector<DrawnRun>& runs, const FigureOptions& options);

}  // namespace bandscope::viz
