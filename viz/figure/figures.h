// SPDX-License-Identifier: GPL-3.0-or-later
// The figures by name (specification, section 1), and what they need.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "viz/data/run_data.h"
#include "viz/figure/figure.h"

namespace bandscope::viz {

/// A piece of a figure that can be drawn alone.
struct FigurePart {
  std::string name;   ///< as files and the command line have it
  const char* title;  ///< English, in the translation context "Figure"
};

/// dynamics band likelihood margin pathway-plane cosine incentives scores overlay pathway-strip calibration slack
/// predicted-margin training probe evaluation evaluation-table sweep-table columns difference, and the paper's of
/// several objectives: figure2 figure3 scope-comparison dynamics-grid
const std::vector<std::string>& figure_names();
/// Columns of the record that the figure draws. Throws SpecError naming the figures there are.
std::vector<Column> figure_columns(std::string_view name);
/// What of the kept answers it needs.
KeptScores figure_scores(std::string_view name);
/// The parts that the figure can be reduced to (FigureOptions::parts). Throws SpecError for an unknown name.
const std::vector<FigurePart>& figure_parts(std::string_view name);
bool has_part(std::string_view figure, std::string_view part);

/// The tabs of a run's page that offer figures to choose from.
enum class FigureTab { dynamics, pathways, scores, training, compare, evaluation };
/// In the order of their buttons, the first shown first.
std::vector<std::string> tab_figures(FigureTab tab);
/// What the figure is called on a button, and in a list of all; English, in the translation context "Figure". Throws
/// SpecError for an unknown name.
const char* figure_title(std::string_view name);
const char* long_figure_title(std::string_view name);
/// Makes the figure from runs; without runs or rows its panels say why they are empty.
/// Throws SpecError for an unknown name or part.
Figure make_figure(std::string_view name, const std::vector<RunDataPtr>& runs, const FigureOptions& options = {});

}  // namespace bandscope::viz
