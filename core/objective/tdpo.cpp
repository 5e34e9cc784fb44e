// SPDX-License-Identifier: Apache-2.0
// TDPO (Zeng et al., 2024): -log sigma(beta (m~ + alpha sg(D_w))). z_l arrives with alpha times the rejected response's
// sequential KL already added (Eq. 24), since that part carries gradient; D_w is a constant.
#include "core/objective/scalar.h"

namespace bandscope {
namespace {

class Tdpo final : public Objective {
 public:
  Tdpo(double beta, double alpha) : beta_(beta), alpha_(alpha) {}

  double loss(const PairLikelihoods& z) const override { return softplus(-argument(z)); }
  Incentives incentives(const PairLikelihoods& z) const override {
    const double d = beta_ * sigmoid(-argument(z));
    return {d, d};
  }

 private:
  double argument(const PairLikelihoods& z) const { return beta_ * (effective_margin(z) + alpha_ * z.kl_w); }

  double beta_;
  double alpha_;
};

}  // namespace

ObjectiveInfo tdpo_objective() {
  return {
      .name = "tdpo",
      .title = "TDPO",
      .needs_reference = true,
      .entangled = true,
      .statistic = TokenStatistic::kl,
      .source = "Eq. (25)",
      .parameters = {beta_parameter(),
                     {"alpha", 0.5, {0.0, kParameterMaximum}, "weight of the sequential KL divergence"}},
      .make = [](const ParameterValues& p, Likelihood) { return std::make_unique<Tdpo>(p.at("beta"), p.at("alpha")); }};
}

}  // namespace bandscope
