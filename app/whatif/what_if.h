// SPDX-License-Identifier: GPL-3.0-or-later
// What Eq. (8) predicts at a step for another incentive ratio or another α than the recorded ones.
#pragma once

#include <optional>
#include <vector>

#include "core/band/band.h"
#include "viz/data/run_data.h"

namespace bandscope::app {

/// Columns that moment_at reads.
const std::vector<Column>& what_if_columns();

/// A step as recorded: scores, incentives and the α that was applied.
struct Moment {
  double step = 0;
  Scores scores;
  double d_w = 0, d_l = 0;
  double alpha = 1;
  double log_r() const { return log_ratio(d_w, d_l); }
};
/// The last step at or before `step`; nullopt where there is none, or where its ratio or scores are undefined.
std::optional<Moment> moment_at(const viz::RunData& run, double step);

struct Prediction {
  double log_r_applied;  ///< log r + 2 log α
  Velocity velocity;     ///< Eq. (6), per unit of learning rate
  Pathway pathway;       ///< Eq. (8)
};
/// With another ratio, the incentives keep their geometric mean: only their balance changes. α scales the gradient of
/// z_w by α and that of z_l by 1/α, Eq. (12).
Prediction predict(const Moment& moment, double log_r, double alpha);

}  // namespace bandscope::app
