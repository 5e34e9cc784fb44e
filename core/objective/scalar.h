// SPDX-License-Identifier: Apache-2.0
// Scalar functions that the objectives share, written so that no finite argument overflows on the way to a finite
// value.
#pragma once

#include <cmath>

#include "core/objective/objective.h"

namespace bandscope {

/// sigma(x) = 1 / (1 + e^-x); exponentiates only non-positive numbers.
inline double sigmoid(double x) {
  if (x >= 0) return 1.0 / (1.0 + std::exp(-x));
  const double e = std::exp(x);
  return e / (1.0 + e);
}

/// log(1 + e^x) = -log sigma(-x).
inline double softplus(double x) { return std::fmax(x, 0.0) + std::log1p(std::exp(-std::fabs(x))); }

/// m = z_w - z_l.
inline double margin(const PairLikelihoods& z) { return z.z_w - z.z_l; }

/// z~ = z - z_ref of either response.
inline double normalized_w(const PairLikelihoods& z) { return z.z_w - z.z_w_ref; }
inline double normalized_l(const PairLikelihoods& z) { return z.z_l - z.z_l_ref; }

/// m~ = m - m_ref, computed as a difference of differences to the reference, so that it is exactly 0 where policy and
/// reference agree.
inline double effective_margin(const PairLikelihoods& z) { return normalized_w(z) - normalized_l(z); }

/// Upper end of every parameter's range: far beyond use, and squares of it stay finite.
inline constexpr double kParameterMaximum = 1e6;

/// The scale of the margin that most entangled objectives have.
inline ObjectiveParameter beta_parameter() {
  return {"beta", 0.1, 0.0, kParameterMaximum, true, "scale of the margin inside the sigmoid"};
}

}  // namespace bandscope
