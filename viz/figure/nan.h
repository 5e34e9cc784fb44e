// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <limits>

namespace bandscope::viz {

/// What a figure has no number for; drawn as a gap.
inline constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

}  // namespace bandscope::viz
