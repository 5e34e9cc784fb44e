// SPDX-License-Identifier: GPL-3.0-or-later
// Which hue and which dash a run has, in charts, lists and read-outs alike. A run alone, and the two of one pair, have
// the hues of their calibration. In every other choice of runs the hue says which spec (apart from calibration, mostly:
// which objective), and a run with reward calibration is dashed. Of more specs than hues that can be told apart (a
// sweep with its seeds), the hue says which objective.
#pragma once

#include <QColor>
#include <string>
#include <vector>

#include "viz/theme.h"

namespace bandscope::viz {

/// What of a run decides how it looks.
struct RunKind {
  std::string objective;
  std::string pair_key;  ///< equal for runs of one spec but for calibration; may be empty
  bool calibrated = false;
};

struct RunStyle {
  QColor hue;
  bool dashed = false;
  std::size_t spec = 0;   ///< the two of a pair have the same, from 0 in order of appearance
  std::size_t group = 0;  ///< runs of one hue have the same, from 0 in order of appearance
};

/// Looks of the runs that are shown together, in their order.
std::vector<RunStyle> run_styles(const std::vector<RunKind>& runs, const Theme& theme);

}  // namespace bandscope::viz
