// SPDX-License-Identifier: Apache-2.0
#include "core/calibration/calibration.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace bandscope {
namespace {

/// At or below this an incentive or a score norm has no logarithm worth averaging.
constexpr double kSmallest = 1e-12;

bool has_log(double x) { return x > kSmallest && std::isfinite(x); }

/// Eq. (61) for two quantities that are defined together; the first pair of values initialises.
void average(double momentum, bool& set, double& log_a, double& log_b, double a, double b) {
  const double keep = set ? momentum : 0.0;
  log_a = keep * log_a + (1.0 - keep) * std::log(a);
  log_b = keep * log_b + (1.0 - keep) * std::log(b);
  set = true;
}

}  // namespace

Calibration::Calibration(CalibrationSettings settings, CalibrationState state) : settings_(settings), state_(state) {}

CalibrationResult Calibration::update(double d_w, double d_l, const Scores& scores) {
  const bool incentives_defined = has_log(d_w) && has_log(d_l);
  const bool scores_defined = has_log(scores.norm_w) && has_log(scores.norm_l);
  if (incentives_defined) {
    average(settings_.momentum, state_.incentives_set, state_.log_d_w, state_.log_d_l, d_w, d_l);
  }
  if (scores_defined) {
    average(settings_.momentum, state_.scores_set, state_.log_norm_w, state_.log_norm_l, scores.norm_w, scores.norm_l);
  }

  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  CalibrationResult result;
  result.uncalibrated = !incentives_defined || !scores_defined;
  result.ema_log_r = state_.incentives_set ? state_.log_d_w - state_.log_d_l : nan;  // Eq. (62)
  result.ema_log_r_star = state_.scores_set ? state_.log_norm_l - state_.log_norm_w : nan;
  if (!settings_.enabled || !state_.incentives_set || !state_.scores_set) return result;

  double delta = result.ema_log_r_star - result.ema_log_r;
  const double rho = scores.rho();
  if (settings_.clip && !result.uncalibrated && rho > 0) {  // Eq. (64)
    const double centre = result.ema_log_r_star - log_ratio(d_w, d_l);
    delta = std::clamp(delta, centre + std::log(rho), centre - std::log(rho));
  }
  result.alpha = std::exp(0.5 * delta);  // Eq. (63)
  return result;
}

}  // namespace bandscope
