// SPDX-License-Identifier: Apache-2.0
// A step's numbers as a row of the record (specification, sections 3 and 5).
#pragma once

#include <span>
#include <string>

#include "core/calibration/calibration.h"
#include "core/record/columns.h"

namespace bandscope::step {

/// Means over the step's pairs: loss, z, margins, accuracy, incentives and their log ratio.
void fill_likelihoods(StepRow& row, std::span<const PairRow> pairs, std::span<const double> losses);
/// Scores, band, calibration and gradient norm; needs fill_likelihoods before.
void fill_scores(StepRow& row, const Scores& scores, const CalibrationResult& calibrated, double uncalibrated,
                 double grad_norm);
/// Name of the first of the quantities that must be finite and is not; empty when all are.
std::string first_non_finite(const StepRow& row);

}  // namespace bandscope::step
