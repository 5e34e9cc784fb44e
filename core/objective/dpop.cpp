// SPDX-License-Identifier: Apache-2.0
// DPO-Positive (Pal et al., 2024): -log sigma(beta (m~ - lambda max(0, -z~_w))).
#include "core/objective/scalar.h"

namespace bandscope {
namespace {

class Dpop final : public Objective {
 public:
  Dpop(double beta, double lambda) : beta_(beta), lambda_(lambda) {}

  double loss(const PairLikelihoods& z) const override { return softplus(-argument(z)); }
  Incentives incentives(const PairLikelihoods& z) const override {
    const double d = beta_ * sigmoid(-argument(z));
    return {normalized_w(z) < 0 ? d * (1.0 + lambda_) : d, d};
  }

 private:
  double argument(const PairLikelihoods& z) const {
    return beta_ * (effective_margin(z) - lambda_ * std::fmax(0.0, -normalized_w(z)));
  }

  double beta_;
  double lambda_;
};

}  // namespace

ObjectiveInfo dpop_objective() {
  return {.name = "dpop",
          .title = "DPOP",
          .needs_reference = true,
          .entangled = true,
          .statistic = TokenStatistic::none,
          .source = "Pal et al., 2024",
          .parameters = {beta_parameter(),
                         {"lambda",
                          50.0,
                          {0.0, kParameterMaximum},
                          "weight of what the chosen response has lost to the reference"}},
          .make = [](const ParameterValues& p, Likelihood) {
            return std::make_unique<Dpop>(p.at("beta"), p.at("lambda"));
          }};
}

}  // namespace bandscope
