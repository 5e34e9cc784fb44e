// SPDX-License-Identifier: Apache-2.0
// Names that mean something inside a formula, shared by its parser and its evaluator.
#pragma once

#include <array>
#include <string_view>

#include "core/objective/dual.h"

namespace bandscope {

struct FormulaVariable {
  std::string_view name;
  double PairLikelihoods::*member;
  Dual seed;  ///< partials of the variable itself
  bool reference;
  /// Of a mean per token, whatever the likelihood is: what a sum is divided by.
  double PairLikelihoods::*length = nullptr;
};
inline constexpr std::array<FormulaVariable, 10> kFormulaVariables = {{
    {"zw", &PairLikelihoods::z_w, {0, 1, 0}, false},
    {"zl", &PairLikelihoods::z_l, {0, 0, 1}, false},
    {"zw_ref", &PairLikelihoods::z_w_ref, {}, true},
    {"zl_ref", &PairLikelihoods::z_l_ref, {}, true},
    {"zw_mean", &PairLikelihoods::z_w, {0, 1, 0}, false, &PairLikelihoods::len_w},
    {"zl_mean", &PairLikelihoods::z_l, {0, 0, 1}, false, &PairLikelihoods::len_l},
    {"zw_ref_mean", &PairLikelihoods::z_w_ref, {}, true, &PairLikelihoods::len_w},
    {"zl_ref_mean", &PairLikelihoods::z_l_ref, {}, true, &PairLikelihoods::len_l},
    {"len_w", &PairLikelihoods::len_w, {}, false},
    {"len_l", &PairLikelihoods::len_l, {}, false},
}};

/// One of `unary` and `binary` is set.
struct FormulaFunction {
  std::string_view name;
  Dual (*unary)(const Dual&);
  Dual (*binary)(const Dual&, const Dual&);
  int arguments() const { return unary ? 1 : 2; }
};
inline constexpr std::array<FormulaFunction, 14> kFormulaFunctions = {{
    {"exp", exp, nullptr},
    {"log", log, nullptr},
    {"log1p", log1p, nullptr},
    {"sqrt", sqrt, nullptr},
    {"abs", abs, nullptr},
    {"softplus", softplus, nullptr},
    {"sigmoid", sigmoid, nullptr},
    {"logsigmoid", logsigmoid, nullptr},
    {"tanh", tanh, nullptr},
    {"relu", relu, nullptr},
    {"step", step, nullptr},
    {"min", nullptr, min},
    {"max", nullptr, max},
    {"pow", nullptr, pow},
}};

}  // namespace bandscope
