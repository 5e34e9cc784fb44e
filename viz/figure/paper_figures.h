// SPDX-License-Identifier: GPL-3.0-or-later
// The paper's figures of several objectives: 2 and 3 (objectives compared), 5 and 6 (score scopes compared), 4 and
// 7 to 14 (the dynamics of each objective in a row). figures.cpp lists them by name.
#pragma once

#include "viz/figure/panels.h"

namespace bandscope::viz {

/// Figure 2: likelihoods and margin of the runs, one hue per objective.
Figure figure2(const std::vector<DrawnRun>& runs, const FigureOptions& options);
/// Figure 3: cosine ρ, likelihoods, then the band of each run.
Figure figure3(const std::vector<DrawnRun>& runs, const FigureOptions& options);
/// Figures 5 and 6: per objective the band from output scope, that from all parameters, and both over each other.
Figure scope_comparison(const std::vector<DrawnRun>& runs, const FigureOptions& options);
/// Figures 4 and 7 to 14: band w/o RC, band w/ RC, likelihoods and margin; a row per pair of runs.
Figure dynamics_grid(const std::vector<DrawnRun>& runs, const FigureOptions& options);

/// An objective's name as papers write it: "DPO", "SimPO", "DIL-BCE"; empty for an unknown run.
std::string objective_label(const RunData& run);

}  // namespace bandscope::viz
