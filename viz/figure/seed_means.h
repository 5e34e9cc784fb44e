// SPDX-License-Identifier: GPL-3.0-or-later
// Runs over several seeds as one: their mean, and a band of one standard deviation about it.
#pragma once

#include <vector>

#include "viz/data/run_data.h"
#include "viz/figure/figure.h"
#include "viz/figure/panels.h"

namespace bandscope::viz {

/// Runs that differ in the seed alone, or one run.
struct SeedMean {
  RunDataPtr mean;          ///< of each column, at the steps that all have; the run itself where it is alone
  RunDataPtr lower, upper;  ///< the mean minus and plus the sample standard deviation; null where it is alone
  std::size_t seeds = 1;
};

/// In order of appearance. Pairs without and with calibration stay pairs.
std::vector<SeedMean> seed_means(const std::vector<RunDataPtr>& runs);
/// Whether any two of the runs differ in the seed alone.
bool has_seeds(const std::vector<RunDataPtr>& runs);

/// Puts bands about the lines of `figure`, which is of the means; `lower` and `upper` are the same figure of these.
void add_spreads(Figure& figure, const Figure& lower, const Figure& upper, const std::vector<SeedMean>& means,
                 const std::vector<DrawnRun>& drawn, const FigureOptions& options);

}  // namespace bandscope::viz
