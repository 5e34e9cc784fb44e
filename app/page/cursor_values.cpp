// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/cursor_values.h"

#include <cmath>
#include <limits>

namespace bandscope::app {
namespace {

double value(const viz::RunData& run, Column column, std::size_t row) {
  const auto samples = run.column(column);
  return row < samples.size() ? samples[row] : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

const std::vector<Column>& cursor_columns() {
  static const std::vector<Column> columns = {
      Column::z_w,           Column::z_l,        Column::z_w_ref,    Column::z_l_ref, Column::margin,
      Column::log_r_applied, Column::band_lower, Column::band_upper, Column::alpha,   Column::score_norm_w,
      Column::score_norm_l,  Column::score_dot,  Column::time};
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
  const Scores scores{value(run, Column::score_norm_w, *row), value(run, Column::score_norm_l, *row),
                      value(run, Column::score_dot, *row)};
  values.predicted = predicted_pathway(values.log_r, scores);
  // As in core/run/pathways.h: relative to the reference, so that the level of each step's pairs cancels.
  const auto relative = [&](Column z, Column reference, std::size_t at) {
    const double level = value(run, reference, at);
    return value(run, z, at) - (std::isfinite(level) ? level : 0.0);
  };
  values.realised =
      pathway_of(relative(Column::z_w, Column::z_w_ref, *row + 1) - relative(Column::z_w, Column::z_w_ref, *row),
                 relative(Column::z_l, Column::z_l_ref, *row + 1) - relative(Column::z_l, Column::z_l_ref, *row));
  return values;
}

}  // namespace bandscope::app
