// SPDX-License-Identifier: GPL-3.0-or-later
// Smoothing of a curve over its full history; NaN stays NaN and is left out of its neighbours' means.
#pragma once

#include <span>
#include <vector>

namespace bandscope::viz {

struct Smoothing {
  enum class Kind { none, ema, window };
  Kind kind = Kind::none;
  /// EMA: momentum in [0, 1), bias-corrected from the first value. Window: rows in the centred mean, >= 1; one longer
  /// than the curve is as long as the curve, or every mean would be that of all rows.
  double amount = 0.0;
  bool operator==(const Smoothing&) const = default;
  bool active() const { return kind != Kind::none && amount > (kind == Kind::window ? 1.0 : 0.0); }
};

std::vector<double> smooth(std::span<const double> values, const Smoothing& smoothing);

}  // namespace bandscope::viz
