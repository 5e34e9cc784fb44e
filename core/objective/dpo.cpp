// SPDX-License-Identifier: Apache-2.0
// DPO (Rafailov et al., 2023): -log sigma(beta m~).
#include "core/objective/scalar.h"

namespace bandscope {
namespace {

class Dpo final : public Objective {
 public:
  explicit Dpo(double beta) : beta_(beta) {}

  double loss(const PairLikelihoods& z) const override { return softplus(-beta_ * effective_margin(z)); }
  Incentives incentives(const PairLikelihoods& z) const override {
    const double d = beta_ * sigmoid(-beta_ * effective_margin(z));
    return {d, d};
  }

 private:
  double beta_;
};

}  // namespace

ObjectiveInfo dpo_objective() {
  return {.name = "dpo",
          .title = "DPO",
          .needs_reference = true,
          .entangled = true,
          .statistic = TokenStatistic::none,
          .source = "Eq. (17)",
          .parameters = {beta_parameter()},
          .make = [](const ParameterValues& p, Likelihood) { return std::make_unique<Dpo>(p.at("beta")); }};
}

}  // namespace bandscope
