// SPDX-License-Identifier: Apache-2.0
// Reward calibration (paper, sections 3.3 and C.3; specification, section 3): log-domain EMAs of incentives and score
// norms, Eqs. (61)-(62), the factor alpha, Eq. (63), and dynamic clipping, Eq. (64).
#pragma once

#include "core/band/band.h"

namespace bandscope {

/// The state that a checkpoint must carry. Values are logarithms; `*_set` says whether a first value initialised them.
struct CalibrationState {
  double log_d_w = 0, log_d_l = 0, log_norm_w = 0, log_norm_l = 0;
  bool incentives_set = false, scores_set = false;
};

struct CalibrationSettings {
  bool enabled = true;
  double momentum = 0.98;
  bool clip = true;
};

/// What one micro-batch (or step) got.
struct CalibrationResult {
  double alpha = 1;           ///< factor of z_w's gradient; z_l's is 1/alpha. 1 when calibration is off
  bool uncalibrated = false;  ///< the ratio was undefined here
  double ema_log_r = 0;       ///< NaN before the EMAs exist
  double ema_log_r_star = 0;
};

class Calibration {
 public:
  explicit Calibration(CalibrationSettings settings, CalibrationState state = {});
  /// Takes the means d_w, d_l over the pairs and the scores of the mean z_w, z_l, updates the EMAs and returns alpha.
  CalibrationResult update(double d_w, double d_l, const Scores& scores);
  const CalibrationState& state() const { return state_; }
  const CalibrationSettings& settings() const { return settings_; }
  /// Live steering: takes effect at the next update.
  void set_enabled(bool enabled) { settings_.enabled = enabled; }
  void set_momentum(double momentum) { settings_.momentum = momentum; }

 private:
  CalibrationSettings settings_;
  CalibrationState state_;
};

}  // namespace bandscope
