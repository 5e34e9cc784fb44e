// SPDX-License-Identifier: Apache-2.0
// DPO (Rafailov et al., 2023): -log sigma(x), x = beta m~. With label smoothing e it is cDPO (Mitchell, 2023),
// -(1 - e) log sigma(x) - e log sigma(-x) = -log sigma(x) + e x, whose incentives are negative where sigma(-x) < e.
#include "core/objective/scalar.h"

namespace bandscope {
namespace {

class Dpo final : public Objective {
 public:
  Dpo(double beta, double label_smoothing) : beta_(beta), label_smoothing_(label_smoothing) {}

  double loss(const PairLikelihoods& z) const override {
    const double x = argument(z);
    return softplus(-x) + label_smoothing_ * x;
  }
  Incentives incentives(const PairLikelihoods& z) const override {
    const double d = beta_ * (sigmoid(-argument(z)) - label_smoothing_);
    return {d, d};
  }

 private:
  double argument(const PairLikelihoods& z) const { return beta_ * effective_margin(z); }

  double beta_;
  double label_smoothing_;
};

}  // namespace

ObjectiveInfo dpo_objective() {
  return {.name = "dpo",
          .title = "DPO",
          .needs_reference = true,
          .entangled = true,
          .statistic = TokenStatistic::none,
          .source = "Eq. (17)",
          .parameters = {beta_parameter(), label_smoothing_parameter(0.0)},
          .make = [](const ParameterValues& p, Likelihood) {
            return std::make_unique<Dpo>(p.at("beta"), p.at("label_smoothing"));
          }};
}

}  // namespace bandscope
