// SPDX-License-Identifier: Apache-2.0
// The disentanglement band and the pathways (paper, section 3.2): Eqs. (6)-(11), Table 2, Corollary 3.2.
#pragma once

#include <string_view>

namespace bandscope {

/// Norms and inner product of the two scores s_w, s_l (in nats per unit of parameter).
struct Scores {
  double norm_w = 0, norm_l = 0, dot = 0;
  /// Cosine, Eq. (7); NaN when a norm is 0.
  double rho() const;
  /// log r* = log ||s_l|| - log ||s_w||, Eq. (11); NaN when a norm is 0.
  double log_r_star() const;
};

/// The band around log r*, Eq. (9).
struct Band {
  double lower, upper;  ///< NaN where rho <= 0
};
Band disentanglement_band(const Scores& scores);
/// log d_w - log d_l; NaN where one is <= 0.
double log_ratio(double d_w, double d_l);
/// Eq. (10): distance of log_r to the nearer edge, negative outside; NaN where the band is.
double slack(double log_r, const Scores& scores);

/// Table 2, by the signs of the two changes. `other`: the margin shrinks because z_w falls while z_l does not, or
/// because z_l rises while z_w does not.
enum class Pathway { both_rise, both_fall, disentangled, other, undefined };
std::string_view to_string(Pathway pathway);  ///< "both rise", ...

/// Velocities of Eq. (6) under gradient flow, per unit of learning rate.
struct Velocity {
  double z_w, z_l;
  double margin() const { return z_w - z_l; }  ///< Corollary 3.2
};
Velocity likelihood_velocity(double d_w, double d_l, const Scores& scores);
/// The pathway of a pair of changes: iii when dz_w >= 0 >= dz_l, undefined when either is NaN or both are 0.
Pathway pathway_of(double change_w, double change_l);
/// The pathway that Eq. (8) predicts at an applied log ratio.
Pathway predicted_pathway(double log_r_applied, const Scores& scores);

}  // namespace bandscope
