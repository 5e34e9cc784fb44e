// SPDX-License-Identifier: Apache-2.0
#include "core/band/band.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace bandscope {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

bool positive(double x) { return x > 0 && std::isfinite(x); }

}  // namespace

double Scores::rho() const {
  if (!positive(norm_w) || !positive(norm_l)) return kNan;
  // Divided one after the other, since the product of two small norms may underflow; rounding may leave [-1, 1].
  const double cosine = dot / norm_w / norm_l;
  return std::isnan(cosine) ? kNan : std::clamp(cosine, -1.0, 1.0);
}

double Scores::log_r_star() const {
  return positive(norm_w) && positive(norm_l) ? std::log(norm_l) - std::log(norm_w) : kNan;
}

Band disentanglement_band(const Scores& scores) {
  const double rho = scores.rho();
  if (!(rho > 0)) return {kNan, kNan};
  const double centre = scores.log_r_star();
  const double half_width = -std::log(rho);
  return {centre - half_width, centre + half_width};
}

double log_ratio(double d_w, double d_l) { return d_w > 0 && d_l > 0 ? std::log(d_w) - std::log(d_l) : kNan; }

double slack(double log_r, const Scores& scores) {
  const Band band = disentanglement_band(scores);
  if (std::isnan(log_r) || std::isnan(band.lower)) return kNan;
  return std::min(log_r - band.lower, band.upper - log_r);
}

std::string_view to_string(Pathway pathway) {
  switch (pathway) {
    case Pathway::both_rise:
      return "both rise";
    case Pathway::both_fall:
      return "both fall";
    case Pathway::disentangled:
      return "disentangled";
    case Pathway::other:
      return "other";
    case Pathway::undefined:
      break;
  }
  return "undefined";
}

Velocity likelihood_velocity(double d_w, double d_l, const Scores& scores) {
  return {d_w * scores.norm_w * scores.norm_w - d_l * scores.dot,
          d_w * scores.dot - d_l * scores.norm_l * scores.norm_l};
}

Pathway pathway_of(double change_w, double change_l) {
  if (std::isnan(change_w) || std::isnan(change_l) || (change_w == 0 && change_l == 0)) return Pathway::undefined;
  if (change_w >= 0 && change_l <= 0) return Pathway::disentangled;
  if (change_w > 0 && change_l > 0) return Pathway::both_rise;
  if (change_w < 0 && change_l < 0) return Pathway::both_fall;
  return Pathway::other;
}

Pathway predicted_pathway(double log_r_applied, const Scores& scores) {
  const double rho = scores.rho();
  if (std::isnan(log_r_applied) || std::isnan(rho)) return Pathway::undefined;
  // With rho <= 0 and both incentives positive, Eq. (8) has z_w not falling and z_l not rising at every ratio.
  if (rho <= 0) return Pathway::disentangled;
  const Band band = disentanglement_band(scores);
  if (log_r_applied < band.lower) return Pathway::both_fall;
  if (log_r_applied > band.upper) return Pathway::both_rise;
  return Pathway::disentangled;
}

}  // namespace bandscope
