// SPDX-License-Identifier: GPL-3.0-or-later
// A visible range and its mapping to a length of the canvas.
#pragma once

#include <algorithm>
#include <cmath>

namespace bandscope::viz {

struct Range {
  double least = 0, greatest = 1;
  double width() const { return greatest - least; }
  bool operator==(const Range&) const = default;
};

/// Maps values to positions, linear or logarithmic (base irrelevant; both ends must be > 0 then).
struct Scale {
  Range range;
  double from = 0, to = 1;  ///< positions of range.least and range.greatest
  bool log = false;

  double operator()(double value) const {
    if (!log) return from + (value - range.least) / range.width() * (to - from);
    return from + std::log(value / range.least) / std::log(range.greatest / range.least) * (to - from);
  }
  double value(double position) const {
    const double share = (position - from) / (to - from);
    if (!log) return range.least + share * range.width();
    return range.least * std::pow(range.greatest / range.least, share);
  }
  /// False for what this scale cannot show at all: not finite, or not positive on a logarithmic scale.
  bool shows(double value) const { return std::isfinite(value) && (!log || value > 0); }
};

}  // namespace bandscope::viz
