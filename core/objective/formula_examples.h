// SPDX-License-Identifier: Apache-2.0
// Objectives as formulas, to begin one's own from: those of the table that a formula can say, and some beyond it.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/message/message.h"

namespace bandscope {

struct FormulaExample {
  Message title;
  std::string formula;
  std::vector<std::pair<std::string, double>> parameters;  ///< in the order of the formula, with a usual value
  /// The name in the table of objectives whose loss it is, up to a constant; empty for one that is not there.
  std::string objective = {};
};

/// In the order in which they are offered.
std::span<const FormulaExample> formula_examples();

}  // namespace bandscope
