// SPDX-License-Identifier: Apache-2.0
// R-DPO (Park et al., 2024): -log sigma(beta m~ + alpha (|y_w| - |y_l|)), lengths in response ids.
#include "core/objective/scalar.h"

namespace bandscope {
namespace {

class RDpo final : public Objective {
 public:
  RDpo(double beta, double alpha) : beta_(beta), alpha_(alpha) {}

  double loss(const PairLikelihoods& z) const override { return softplus(-argument(z)); }
  Incentives incentives(const PairLikelihoods& z) const override {
    const double d = beta_ * sigmoid(-argument(z));
    return {d, d};
  }

 private:
  double argument(const PairLikelihoods& z) const { return beta_ * effective_margin(z) + alpha_ * (z.len_w - z.len_l); }

  double beta_;
  double alpha_;
};

}  // namespace

ObjectiveInfo r_dpo_objective() {
  return {
      .name = "r-dpo",
      .title = "R-DPO",
      .needs_reference = true,
      .entangled = true,
      .statistic = TokenStatistic::none,
      .source = "Eq. (19)",
      .parameters = {beta_parameter(),
                     {"alpha",
                      0.01,
                      {-kParameterMaximum, kParameterMaximum},
                      "offset per token of length difference; positive lightens pairs whose chosen one is longer"}},
      .make = [](const ParameterValues& p, Likelihood) { return std::make_unique<RDpo>(p.at("beta"), p.at("alpha")); }};
}

}  // namespace bandscope
