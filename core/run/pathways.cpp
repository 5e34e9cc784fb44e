// SPDX-License-Identifier: Apache-2.0
#include "core/run/pathways.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace bandscope {
namespace {

double value(std::span<const double> column, std::size_t row) {
  return row < column.size() ? column[row] : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

Pathway predicted_at(const PredictionColumns& columns, std::size_t row) {
  Scores scores{value(columns.score_norm_w, row), value(columns.score_norm_l, row), value(columns.score_dot, row)};
  if (std::isnan(scores.rho())) {
    const double ratio = std::exp(value(columns.log_r_star, row));
    scores = {1, ratio, value(columns.rho, row) * ratio};
  }
  return predicted_pathway(value(columns.log_r_applied, row), scores);
}

std::vector<Pathway> predicted_pathways(const PredictionColumns& columns) {
  std::vector<Pathway> pathways(columns.log_r_applied.size());
  for (std::size_t row = 0; row < pathways.size(); ++row) pathways[row] = predicted_at(columns, row);
  return pathways;
}

std::vector<Pathway> predicted_pathways(const RecordReader& reader, std::size_t first, std::size_t count) {
  const auto log_r = reader.column(Column::log_r_applied, first, count);
  const auto norm_w = reader.column(Column::score_norm_w, first, count);
  const auto norm_l = reader.column(Column::score_norm_l, first, count);
  const auto dot = reader.column(Column::score_dot, first, count);
  const auto rho = reader.column(Column::rho, first, count);
  const auto log_r_star = reader.column(Column::log_r_star, first, count);
  return predicted_pathways({log_r, norm_w, norm_l, dot, rho, log_r_star});
}

bool LikelihoodColumns::has_reference() const {
  const auto something = [](double x) { return x != 0 && !std::isnan(x); };
  return std::ranges::any_of(z_w_ref, something) || std::ranges::any_of(z_l_ref, something);
}

Change LikelihoodColumns::change() const {
  const auto known = [](double x) { return std::isfinite(x); };
  if (std::ranges::any_of(z_w_after, known) && std::ranges::any_of(z_l_after, known)) return Change::same_pairs;
  return has_reference() ? Change::relative : Change::plain;
}

Pathway realised_at(const LikelihoodColumns& columns, std::size_t row, Change change) {
  if (change == Change::same_pairs)
    return pathway_of(value(columns.z_w_after, row) - value(columns.z_w, row),
                      value(columns.z_l_after, row) - value(columns.z_l, row));
  const auto relative = [&](std::span<const double> z, std::span<const double> ref, std::size_t at) {
    return value(z, at) - (change == Change::relative ? value(ref, at) : 0.0);
  };
  return pathway_of(relative(columns.z_w, columns.z_w_ref, row + 1) - relative(columns.z_w, columns.z_w_ref, row),
                    relative(columns.z_l, columns.z_l_ref, row + 1) - relative(columns.z_l, columns.z_l_ref, row));
}

std::vector<Pathway> realised_pathways(const LikelihoodColumns& columns) {
  const Change change = columns.change();
  std::vector<Pathway> pathways(columns.z_w.size());
  for (std::size_t row = 0; row < pathways.size(); ++row) pathways[row] = realised_at(columns, row, change);
  return pathways;
}

RecordedLikelihoods::RecordedLikelihoods(const RecordReader& reader)
    : z_w(reader.column(Column::z_w)),
      z_l(reader.column(Column::z_l)),
      z_w_ref(reader.column(Column::z_w_ref)),
      z_l_ref(reader.column(Column::z_l_ref)),
      z_w_after(reader.column(Column::z_w_after)),
      z_l_after(reader.column(Column::z_l_after)) {}

}  // namespace bandscope
