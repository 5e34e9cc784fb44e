// SPDX-License-Identifier: GPL-3.0-or-later
// The hue of each run of a page, as the charts colour them.
#pragma once

#include <QColor>
#include <vector>

#include "viz/theme.h"

namespace bandscope::app {

/// The first run without calibration and the first with it have hues of their own, the others follow in order (the
/// same rule as viz::color_runs, for runs of which no rows have been read yet).
std::vector<QColor> run_hues(const std::vector<bool>& calibrated, const viz::Theme& theme);

}  // namespace bandscope::app
