// SPDX-License-Identifier: GPL-3.0-or-later
// What the cursor strip says about a run at a step.
#pragma once

#include <optional>
#include <vector>

#include "core/band/band.h"
#include "viz/data/run_data.h"

namespace bandscope::app {

/// Columns that cursor_values reads.
const std::vector<Column>& cursor_columns();

/// Values of the last row at or before a step; NaN where the record has none.
struct CursorValues {
  double step = 0;
  double z_w, z_l, margin, log_r, band_lower, band_upper, alpha;
  Pathway predicted = Pathway::undefined;  ///< by Eq. (8) at this row
  Pathway realised = Pathway::undefined;   ///< of the change that core/run/pathways.h takes
  bool same_pairs = false;                 ///< that change is of this step's own pairs, after its update
  bool band_defined() const;
  bool in_band() const;
};

/// nullopt before the run's first step.
std::optional<CursorValues> cursor_values(const viz::RunData& run, double step);

}  // namespace bandscope::app
