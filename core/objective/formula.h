// SPDX-License-Identifier: Apache-2.0
// A preference objective written as a formula, for objectives of one's own without a compiler:
//   softplus(-beta*(zw - zl - zw_ref + zl_ref))
// Parsed once into a short program for a stack of dual numbers, so that loss and incentives are exact.
//
// Variables: zw zl zw_ref zl_ref, as objective.likelihood has them; zw_mean zl_mean zw_ref_mean zl_ref_mean, per token
// also where it is "sum"; len_w len_l. Every other name is a parameter. Operators: + - * / ^ (right to left,
// before the sign), parentheses. Functions: exp log log1p sqrt abs min max softplus sigmoid logsigmoid tanh relu pow
// step (1 above 0, else 0).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/message/message.h"
#include "core/objective/dual.h"
#include "core/objective/objective.h"

namespace bandscope {

/// One instruction of a formula's program. `index` tells the variable, the parameter or the function.
struct FormulaInstruction {
  enum class Kind { constant, variable, parameter, add, subtract, multiply, divide, power, negate, call };
  Kind kind;
  double constant = 0;
  int index = 0;
};

/// A name in a formula that is no variable, and where it stands first (character from 1).
struct FormulaParameter {
  std::string name;
  int character;
};

/// A parsed formula. Immutable; evaluation has no shared state.
class Formula {
 public:
  /// Throws SpecError whose sentence tells the character at fault, shows it and says what was expected.
  static Formula parse(std::string_view text);

  const std::string& text() const { return text_; }
  /// In the order of their first appearance.
  const std::vector<FormulaParameter>& parameters() const { return parameters_; }
  bool uses_reference() const { return uses_reference_; }
  /// `values[i]` is the value of `parameters()[i]`; `likelihood` says what z is.
  Dual evaluate(const PairLikelihoods& z, const std::vector<double>& values, Likelihood likelihood) const;

 private:
  friend class FormulaParser;

  std::string text_;
  std::vector<FormulaInstruction> program_;
  std::vector<FormulaParameter> parameters_;
  bool uses_reference_ = false;
};

/// The character of a formula at fault, for messages: `at character 9 ("softplus( >>> @zw)")`.
Message formula_excerpt(std::string_view text, int character);
/// The names of all variables, for people: "zw zl …".
std::string formula_variables();
/// True for a name that a formula's parameter may have: an identifier that is no variable, no function and none of the
/// other keys of [objective].
bool is_formula_parameter(std::string_view name);

/// The row that the formula would have in the table of objectives; parameters have no default. The pathways' grouping
/// of Table 1 does not apply. Throws as Formula::parse does.
ObjectiveInfo formula_objective(std::string_view text);

}  // namespace bandscope
