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

/// sigma'(x) = sigma(x) sigma(-x); a product of two small numbers instead of 1 - sigma(x), which would cancel.
inline double sigmoid_slope(double x) { return sigmoid(x) * sigmoid(-x); }

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

/// d z-bar / d z of the mean per token z-bar = z * per_token(...): 1 where z is that mean already.
inline double per_token(Likelihood likelihood, double length) {
  return likelihood == Likelihood::mean ? 1.0 : 1.0 / length;
}

/// Upper end of every parameter's range: far beyond use, and squares of it stay finite.
inline constexpr double kParameterMaximum = 1e6;

/// The scale of the margin that most entangled objectives have.
inline ObjectiveParameter beta_parameter() {
  return {"beta", 0.1, {0.0, kParameterMaximum, true}, "scale of the margin inside the sigmoid"};
}

/// The scale of objectives that see each response's z~ for itself.
inline ObjectiveParameter pointwise_beta_parameter() {
  return {"beta", 0.1, {0.0, kParameterMaximum, true}, "scale of each response's log-ratio to the reference"};
}

/// The same name where it sets a target, as tau does for IPO.
inline ObjectiveParameter target_beta_parameter() {
  return {"beta",
          0.1,
          {0.0, kParameterMaximum, true},
          "regularization; the log-ratios aim at 1 / (2 beta) and -1 / (2 beta)"};
}

/// How many labels are taken for wrong. At a half and above, rejected responses would be the preferred ones.
inline ObjectiveParameter label_smoothing_parameter(double default_value) {
  return {"label_smoothing",
          default_value,
          {0.0, 0.5, false, true},
          "share of the pairs whose labels are taken for swapped"};
}

}  // namespace bandscope
