// SPDX-License-Identifier: Apache-2.0
// SimPO (Meng et al., 2024): -log sigma(m_norm - gamma). On summed likelihoods m_norm divides each by its length, Eq.
// (20); mean likelihoods are divided already, and the incentives are those with respect to the mean.
#include "core/objective/scalar.h"

namespace bandscope {
namespace {

class Simpo final : public Objective {
 public:
  Simpo(double beta, double gamma, Likelihood likelihood) : beta_(beta), gamma_(gamma), likelihood_(likelihood) {}

  double loss(const PairLikelihoods& z) const override { return softplus(-argument(z)); }
  Incentives incentives(const PairLikelihoods& z) const override {
    const double slope = sigmoid(-argument(z));
    return {weight(z.len_w) * slope, weight(z.len_l) * slope};
  }

 private:
  double weight(double length) const { return beta_ * per_token(likelihood_, length); }
  double argument(const PairLikelihoods& z) const { return weight(z.len_w) * z.z_w - weight(z.len_l) * z.z_l - gamma_; }

  double beta_;
  double gamma_;
  Likelihood likelihood_;
};

}  // namespace

ObjectiveInfo simpo_objective() {
  return {
      .name = "simpo",
      .title = "SimPO",
      .needs_reference = false,
      .entangled = true,
      .statistic = TokenStatistic::none,
      .source = "Eq. (20)",
      .parameters = {beta_parameter(), {"gamma", 1.0, {0.0, kParameterMaximum}, "margin that the pair has to exceed"}},
      .make = [](const ParameterValues& p, Likelihood likelihood) {
        return std::make_unique<Simpo>(p.at("beta"), p.at("gamma"), likelihood);
      }};
}

}  // namespace bandscope
