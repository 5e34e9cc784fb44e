// SPDX-License-Identifier: Apache-2.0
// What a number may be: of a parameter of an objective, and of a key of a spec.
#pragma once

#include <limits>

namespace bandscope {

inline constexpr double kUnbounded = std::numeric_limits<double>::infinity();

/// An interval, open where it says so.
struct Range {
  double minimum = -kUnbounded, maximum = kUnbounded;
  bool minimum_excluded = false, maximum_excluded = false;
  constexpr bool contains(double x) const {
    return (minimum_excluded ? x > minimum : x >= minimum) && (maximum_excluded ? x < maximum : x <= maximum);
  }
};

}  // namespace bandscope
