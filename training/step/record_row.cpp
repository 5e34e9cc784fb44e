// SPDX-License-Identifier: Apache-2.0
#include "training/step/record_row.h"

#include <cmath>

#include "core/band/band.h"

namespace bandscope::step {

void fill_likelihoods(StepRow& row, std::span<const PairRow> pairs, std::span<const double> losses) {
  const double share = 1.0 / static_cast<double>(pairs.size());
  for (Column column : {Column::loss, Column::z_w, Column::z_l, Column::z_w_ref, Column::z_l_ref, Column::margin,
                        Column::effective_margin, Column::accuracy, Column::d_w, Column::d_l})
    row[column] = 0.0;
  for (double loss : losses) row[Column::loss] += loss * share;
  for (const PairRow& pair : pairs) {
    const double margin = pair.z_w - pair.z_l, effective = margin - (pair.z_w_ref - pair.z_l_ref);
    row[Column::z_w] += pair.z_w * share;
    row[Column::z_l] += pair.z_l * share;
    row[Column::z_w_ref] += pair.z_w_ref * share;
    row[Column::z_l_ref] += pair.z_l_ref * share;
    row[Column::margin] += margin * share;
    row[Column::effective_margin] += effective * share;
    row[Column::accuracy] += (effective > 0 ? 1.0 : 0.0) * share;
    row[Column::d_w] += pair.d_w * share;
    row[Column::d_l] += pair.d_l * share;
  }
  row[Column::log_r] = log_ratio(row[Column::d_w], row[Column::d_l]);
}

void fill_scores(StepRow& row, const Scores& scores, const CalibrationResult& calibrated, double uncalibrated,
                 double grad_norm) {
  row[Column::score_norm_w] = scores.norm_w;
  row[Column::score_norm_l] = scores.norm_l;
  row[Column::score_dot] = scores.dot;
  row[Column::rho] = scores.rho();
  row[Column::log_r_star] = scores.log_r_star();
  row[Column::log_r_applied] = row[Column::log_r] + 2.0 * std::log(calibrated.alpha);
  const Band band = disentanglement_band(scores);
  row[Column::band_lower] = band.lower;
  row[Column::band_upper] = band.upper;
  row[Column::slack] = slack(row[Column::log_r_applied], scores);
  row[Column::ema_log_r] = calibrated.ema_log_r;
  row[Column::ema_log_r_star] = calibrated.ema_log_r_star;
  row[Column::alpha] = calibrated.alpha;
  row[Column::uncalibrated] = uncalibrated;
  row[Column::grad_norm] = grad_norm;
}

std::string first_non_finite(const StepRow& row) {
  for (Column column : {Column::z_w, Column::z_l, Column::z_w_ref, Column::z_l_ref, Column::loss, Column::d_w,
                        Column::d_l, Column::score_norm_w, Column::score_norm_l, Column::alpha, Column::grad_norm})
    if (!std::isfinite(row[column])) return std::string(column_names[static_cast<std::size_t>(column)]);
  return {};
}

}  // namespace bandscope::step
