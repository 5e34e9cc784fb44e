// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/whatif/what_if.h"

#include <cmath>
#include <limits>

namespace bandscope::app {

const std::vector<Column>& what_if_columns() {
  static const std::vector<Column> columns = {Column::d_w,          Column::d_l,       Column::score_norm_w,
                                              Column::score_norm_l, Column::score_dot, Column::log_r,
                                              Column::log_r_applied};
  return columns;
}

std::optional<Moment> moment_at(const viz::RunData& run, double step) {
  const auto row = run.row_of(step);
  if (!row) return std::nullopt;
  const auto value = [&](Column column) {
    const auto samples = run.column(column);
    return *row < samples.size() ? samples[*row] : std::numeric_limits<double>::quiet_NaN();
  };
  Moment moment;
  moment.step = run.steps[*row];
  moment.scores = {value(Column::score_norm_w), value(Column::score_norm_l), value(Column::score_dot)};
  moment.d_w = value(Column::d_w);
  moment.d_l = value(Column::d_l);
  const double alpha = std::exp((value(Column::log_r_applied) - value(Column::log_r)) / 2);
  moment.alpha = std::isfinite(alpha) ? alpha : 1.0;
  if (!std::isfinite(moment.log_r()) || std::isnan(moment.scores.rho())) return std::nullopt;
  return moment;
}

Prediction predict(const Moment& moment, double log_r, double alpha) {
  const double mean = std::sqrt(moment.d_w) * std::sqrt(moment.d_l);
  const double d_w = mean * std::exp(log_r / 2), d_l = mean * std::exp(-log_r / 2);
  const double applied = log_r + 2 * std::log(alpha);
  return {applied, likelihood_velocity(d_w * alpha, d_l / alpha, moment.scores),
          predicted_pathway(applied, moment.scores)};
}

}  // namespace bandscope::app
