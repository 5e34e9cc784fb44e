// SPDX-License-Identifier: Apache-2.0
// What the tests of objectives share.
#pragma once

#include <algorithm>
#include <cmath>

#include "core/objective/objective.h"

namespace bandscope {

inline ParameterValues defaults(const ObjectiveInfo& info) {
  ParameterValues values;
  for (const ObjectiveParameter& parameter : info.parameters) values[parameter.name] = parameter.default_value;
  return values;
}

inline bool close(double a, double b, double tolerance = 1e-9) {
  return std::abs(a - b) <= tolerance * (1 + std::max(std::abs(a), std::abs(b)));
}

}  // namespace bandscope
