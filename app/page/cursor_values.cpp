// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/cursor_values.h"

#include <cmath>
#include <limits>

#include "viz/figure/pathway_codes.h"

namespace bandscope::app {
namespace {

double value(const viz::RunData& run, Column column, std::size_t row) {
  const auto samples = run.column(column);
  return row < samples.size() ? samples[row] : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

const std::vector<Column>& cursor_columns() {
  static const std::vector<Column> columns = [] {
    std::vector<Column> all = viz::pathway_columns();
    for (const Column column : {Column::margin, Column::band_lower, Column::band_upper, Column::alpha, Column::time})
      all.push_back(column);
    return all;
  }();
  return columns;
}

bool CursorValues::band_defined() const {
  return std::isfinite(band_lower) && std::isfinite(band_upper) && std::isfinite(log_r);
}

bool CursorValues::in_band() const { return band_defined() && log_r >= band_lower && log_r <= band_upper; }

std::optional<CursorValues> cursor_values(const viz::RunData& run, double step) {
  const auto row = run.row_of(step);
  if (!row) return std::nullopt;
  CursorValues values;
  values.step = run.steps[*row];
  values.z_w = value(run, Column::z_w, *row);
  values.z_l = value(run, Column::z_l, *row);
  values.margin = value(run, Column::margin, *row);
  values.log_r = value(run, Column::log_r_applied, *row);
  values.band_lower = value(run, Column::band_lower, *row);
  values.band_upper = value(run, Column::band_upper, *row);
  values.alpha = value(run, Column::alpha, *row);
  const LikelihoodColumns likelihoods = viz::likelihood_columns(run);
  values.predicted = predicted_at(viz::prediction_columns(run), *row);
  const Change change = likelihoods.change();
  values.same_pairs = change == Change::same_pairs;
  values.realised = realised_at(likelihoods, *row, change);
  return values;
}

}  // namespace bandscope::app
