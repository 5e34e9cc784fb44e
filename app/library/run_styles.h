// SPDX-License-Identifier: GPL-3.0-or-later
// The hue and the dash of each run of a page outside the charts, by the charts' own rule.
#pragma once

#include <QString>
#include <vector>

#include "app/library/run_entry.h"
#include "viz/data/run_data.h"
#include "viz/figure/run_styles.h"

namespace bandscope::app {

std::vector<viz::RunStyle> run_styles(const std::vector<viz::RunDataPtr>& runs, const viz::Theme& theme);
/// Of runs of which no rows have been read yet.
std::vector<viz::RunStyle> run_styles(const std::vector<RunEntryPtr>& runs, const viz::Theme& theme);
/// Rich text: a square of the run's hue, or two dashes of it.
QString style_sample(const viz::RunStyle& look);

}  // namespace bandscope::app
