// SPDX-License-Identifier: GPL-3.0-or-later
// Figures beside the paper's: what calibration, training and the probe set did, and how two runs differ.
#pragma once

#include "viz/figure/figures.h"
#include "viz/figure/panels.h"

namespace bandscope::viz {

/// α, and the means of log r and log r* that it comes from (Eqs. 61 and 63).
Figure calibration_figure(const std::vector<DrawnRun>& runs, const FigureOptions& options);
/// Slack, Eq. (10): the distance of log r to the nearer edge of the band, below 0 outside.
Figure slack_figure(const std::vector<DrawnRun>& runs, const FigureOptions& options);
/// The margin's change against the reference, and Corollary 3.2 summed over the steps: Σ η ṁ. Its unit is that of plain
/// gradient descent, which AdamW's steps are not, so one factor per run, by least squares, brings it to the margin's
/// size; the shape is what is compared.
Figure predicted_margin_figure(const std::vector<DrawnRun>& runs, const FigureOptions& options);
/// Loss, learning rate, gradient norm, accuracy, tokens per second and peak memory.
Figure training_figure(const std::vector<DrawnRun>& runs, const FigureOptions& options);
/// Every recorded column, a panel each; of `options.parts` those, else those that a run has values of.
Figure columns_figure(const std::vector<DrawnRun>& runs, const FigureOptions& options);
const std::vector<Column>& every_column();
/// By the names of the columns.
std::vector<FigurePart> column_parts();
/// Likelihoods, margin and accuracy on the held-out pairs.
Figure probe_figure(const std::vector<DrawnRun>& runs, const FigureOptions& options);
/// Second run minus first, on the steps that both have; says how many have no match.
Figure difference_figure(const std::vector<DrawnRun>& runs, const FigureOptions& options);

}  // namespace bandscope::viz
