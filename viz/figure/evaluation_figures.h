// SPDX-License-Identifier: GPL-3.0-or-later
// The figures of benchmarks: their numbers over the steps beside the likelihoods, and the last ones as a table.
#pragma once

#include "viz/figure/panels.h"

namespace bandscope::viz {

/// A panel per benchmark with its standard errors, their mean where there are several, then the likelihoods.
Figure evaluation_figure(const std::vector<DrawnRun>& runs, const FigureOptions& options);
/// The numbers of the last evaluation as the paper's Table 4 writes them, a row per benchmark: per cent, standard
/// errors as subscripts, differences marked where the paired test finds them significant.
Figure evaluation_table_figure(const std::vector<DrawnRun>& runs, const FigureOptions& options);

}  // namespace bandscope::viz
