// SPDX-License-Identifier: Apache-2.0
// The one place where a step calls calibration. Its numbers are complete at one of three moments: inside the head where
// pairs are calibrated one by one and fit a chunk, after the scores of a micro-batch, or at the end of a step that is
// calibrated as a whole.
#include "training/step/step.h"

namespace bandscope::step {

double StepEngine::calibrate(Incentives mean, Scores scores) {
  if (!group_.alone()) {
    // The cosine rather than the inner product, so that the mean is one as well.
    double values[] = {mean.d_w, mean.d_l, scores.norm_w, scores.norm_l, scores.rho()};
    group_.sum(values);
    for (double& value : values) value /= group_.size();
    mean = {values[0], values[1]};
    scores = {values[2], values[3], values[4] * values[2] * values[3]};
  }
  calibrated_ = calibration_.update(mean.d_w, mean.d_l, scores);
  if (calibrated_.uncalibrated) ++uncalibrated_;
  return calibrated_.alpha;
}

}  // namespace bandscope::step
