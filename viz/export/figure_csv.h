// SPDX-License-Identifier: GPL-3.0-or-later
// The rows that a plan draws, as text: one line per step, one column per curve. Columns are named RUN/COLUMN; a cell is
// empty where its curve has no drawn point at that step, and "nan" where the record says that it is undefined.
#pragma once

#include <string>
#include <vector>

#include "viz/draw/panel_plan.h"

namespace bandscope::viz {

std::string drawn_csv(const Figure& figure, const std::vector<PanelPlan>& plans);

}  // namespace bandscope::viz
