// SPDX-License-Identifier: GPL-3.0-or-later
// The table of figures: what each is called, draws and needs, and where the window shows it. A new figure is a row here
// and the function that makes it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "viz/figure/figures.h"
#include "viz/figure/panels.h"

namespace bandscope::viz {

/// A figure; texts are English, in the translation context "Figure".
struct FigureRow {
  std::string name;               ///< as files and the command line have it
  const char* title;              ///< on the button of its tab
  const char* long_title;         ///< in the list of all figures; null: `title`
  std::vector<FigureTab> tabs;    ///< of the window, that offer it
  std::vector<Column> columns;    ///< of the record, that it draws
  std::vector<FigurePart> parts;  ///< that it can be reduced to
  Figure (*make)(const std::vector<DrawnRun>&, const FigureOptions&);
  KeptScores scores = KeptScores::names;  ///< of the kept answers, that it needs
};

std::span<const FigureRow> figure_table();
/// Throws SpecError naming the figures there are.
const FigureRow& figure_row(std::string_view name);

}  // namespace bandscope::viz
