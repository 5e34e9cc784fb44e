// SPDX-License-Identifier: GPL-3.0-or-later
// The figures by name (contract, section 1), and what they need.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "viz/data/run_data.h"
#include "viz/figure/figure.h"

namespace bandscope::viz {

/// dynamics band likelihood margin pathway-plane cosine incentives scores overlay pathway-strip calibration slack
/// predicted-margin training probe difference, and the paper's of several
/// objectives: figure2 figure3 scope-comparison dynamics-grid
const std::vector<std::string>& figure_names();
/// Columns of the record that the figure draws. Throws SpecError naming the figures there are.
std::vector<Column> figure_columns(std::string_view name);
/// The parts that the figure can be reduced to (FigureOptions::parts). Throws SpecError for an unknown name.
const std::vector<std::string>& figure_parts(std::string_view name);
/// Makes the figure from runs; without runs or rows its panels say why they are empty.
/// Throws SpecError for an unknown name or part.
Figure make_figure(std::string_view name, const std::vector<RunDataPtr>& runs, const FigureOptions& options = {});

}  // namespace bandscope::viz
