// SPDX-License-Identifier: Apache-2.0
// Dual numbers with the two partial derivatives that an objective has, d/dz_w and d/dz_l: exact derivatives of a
// formula beside its value, without a graph and without differences.
#pragma once

#include <cmath>

#include "core/objective/scalar.h"

namespace bandscope {

struct Dual {
  double value = 0;
  double dw = 0;  ///< d/dz_w
  double dl = 0;  ///< d/dz_l
};

/// slope * x, where a partial of 0 stays 0 even at an infinite slope (sqrt at 0 of something constant).
inline double chain(double slope, double partial) { return partial == 0 ? 0.0 : slope * partial; }
/// f(x) from its value and its slope at x.
inline Dual apply(double value, double slope, const Dual& x) { return {value, chain(slope, x.dw), chain(slope, x.dl)}; }

inline Dual operator+(const Dual& a, const Dual& b) { return {a.value + b.value, a.dw + b.dw, a.dl + b.dl}; }
inline Dual operator-(const Dual& a, const Dual& b) { return {a.value - b.value, a.dw - b.dw, a.dl - b.dl}; }
inline Dual operator-(const Dual& a) { return {-a.value, -a.dw, -a.dl}; }
inline Dual operator*(const Dual& a, const Dual& b) {
  return {a.value * b.value, chain(b.value, a.dw) + chain(a.value, b.dw), chain(b.value, a.dl) + chain(a.value, b.dl)};
}
inline Dual operator/(const Dual& a, const Dual& b) {
  const double quotient = a.value / b.value;
  return {quotient, chain(1 / b.value, a.dw) - chain(quotient / b.value, b.dw),
          chain(1 / b.value, a.dl) - chain(quotient / b.value, b.dl)};
}

inline Dual exp(const Dual& x) { return apply(std::exp(x.value), std::exp(x.value), x); }
inline Dual log(const Dual& x) { return apply(std::log(x.value), 1 / x.value, x); }
inline Dual log1p(const Dual& x) { return apply(std::log1p(x.value), 1 / (1 + x.value), x); }
inline Dual sqrt(const Dual& x) { return apply(std::sqrt(x.value), 0.5 / std::sqrt(x.value), x); }
inline Dual tanh(const Dual& x) {
  const double c = std::cosh(x.value);
  return apply(std::tanh(x.value), 1 / (c * c), x);
}
inline Dual sigmoid(const Dual& x) { return apply(sigmoid(x.value), sigmoid(x.value) * sigmoid(-x.value), x); }
inline Dual softplus(const Dual& x) { return apply(softplus(x.value), sigmoid(x.value), x); }
inline Dual logsigmoid(const Dual& x) { return apply(-softplus(-x.value), sigmoid(-x.value), x); }
// At a kink the slope is that of the flat side (relu, step) or 0 (abs); min and max take their first argument's.
inline Dual abs(const Dual& x) { return apply(std::fabs(x.value), (x.value > 0) - (x.value < 0), x); }
inline Dual relu(const Dual& x) { return x.value <= 0 ? Dual{} : x; }
inline Dual step(const Dual& x) { return {x.value > 0 ? 1.0 : 0.0, 0, 0}; }
inline Dual min(const Dual& a, const Dual& b) { return b.value < a.value ? b : a; }
inline Dual max(const Dual& a, const Dual& b) { return b.value > a.value ? b : a; }
inline Dual pow(const Dual& a, const Dual& b) {
  const double value = std::pow(a.value, b.value);
  const double by_base = b.value == 0 ? 0.0 : b.value * std::pow(a.value, b.value - 1);
  const double by_exponent = a.value == 0 ? 0.0 : value * std::log(a.value);
  return {value, chain(by_base, a.dw) + chain(by_exponent, b.dw), chain(by_base, a.dl) + chain(by_exponent, b.dl)};
}

}  // namespace bandscope
