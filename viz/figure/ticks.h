// SPDX-License-Identifier: GPL-3.0-or-later
// Ticks that read well (1, 2, 5) and numbers as people write them.
#pragma once

#include <string>
#include <vector>

#include "viz/figure/range.h"

namespace bandscope::viz {

struct Tick {
  double value;
  std::string label;  ///< empty for the unlabelled ticks of a logarithmic axis
};

/// About `wanted` labelled ticks inside the range. Logarithmic axes get powers of ten, with 2 and 5 between when few.
std::vector<Tick> make_ticks(const Range& range, bool log, bool whole, int wanted);

/// Grouped by thousands, with a true minus sign: "1,204", "−0.013". `decimals` after the point.
std::string format_fixed(double value, int decimals);
/// As many digits as a reader needs (4 significant), "NaN" as "undefined"; 1.2×10⁻⁶ where that is shorter.
std::string format_value(double value);
/// Grouped whole number.
std::string format_count(std::size_t count);

}  // namespace bandscope::viz
