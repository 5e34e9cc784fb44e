// SPDX-License-Identifier: Apache-2.0
#include "core/record/pathways.h"

#include <algorithm>
#include <cmath>

namespace bandscope {

std::vector<Pathway> predicted_pathways(const RecordReader& reader, std::size_t first, std::size_t count) {
  const auto log_r = reader.column(Column::log_r_applied, first, count);
  const auto norm_w = reader.column(Column::score_norm_w, first, count);
  const auto norm_l = reader.column(Column::score_norm_l, first, count);
  const auto dot = reader.column(Column::score_dot, first, count);
  const auto rho = reader.column(Column::rho, first, count);
  const auto log_r_star = reader.column(Column::log_r_star, first, count);
  std::vector<Pathway> pathways(log_r.size());
  for (std::size_t i = 0; i < pathways.size(); ++i) {
    Scores scores{norm_w[i], norm_l[i], dot[i]};
    // Imported logs may know the band's centre and width alone; the pathway depends on nothing else.
    if (std::isnan(scores.rho())) scores = {1, std::exp(log_r_star[i]), rho[i] * std::exp(log_r_star[i])};
    pathways[i] = predicted_pathway(log_r[i], scores);
  }
  return pathways;
}

std::vector<Pathway> realised_pathways(const std::vector<double>& z_w, const std::vector<double>& z_l,
                                       const std::vector<double>& z_w_ref, const std::vector<double>& z_l_ref) {
  const auto nothing = [](double x) { return x == 0 || std::isnan(x); };
  const bool no_reference = std::ranges::all_of(z_w_ref, nothing) && std::ranges::all_of(z_l_ref, nothing);
  const auto relative = [&](const std::vector<double>& z, const std::vector<double>& ref, std::size_t i) {
    return no_reference ? z[i] : z[i] - ref[i];
  };
  std::vector<Pathway> pathways(z_w.size(), Pathway::undefined);
  for (std::size_t i = 0; i + 1 < z_w.size(); ++i)
    pathways[i] = pathway_of(relative(z_w, z_w_ref, i + 1) - relative(z_w, z_w_ref, i),
                             relative(z_l, z_l_ref, i + 1) - relative(z_l, z_l_ref, i));
  return pathways;
}

std::vector<Pathway> realised_pathways(const RecordReader& reader) {
  return realised_pathways(reader.column(Column::z_w), reader.column(Column::z_l), reader.column(Column::z_w_ref),
                           reader.column(Column::z_l_ref));
}

}  // namespace bandscope
