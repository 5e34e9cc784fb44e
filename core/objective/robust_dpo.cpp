// SPDX-License-Identifier: Apache-2.0
// Robust DPO (Chowdhury et al., 2024): (-(1 - e) log sigma(x) + e log sigma(-x)) / (1 - 2 e), x = beta m~, unbiased
// where a share e of the labels is swapped. As log sigma(x) - log sigma(-x) = x, it is -log sigma(x) - e x / (1 - 2 e).
#include "core/objective/scalar.h"

namespace bandscope {
namespace {

class RobustDpo final : public Objective {
 public:
  RobustDpo(double beta, double label_smoothing)
      : beta_(beta), surplus_(label_smoothing / (1.0 - 2.0 * label_smoothing)) {}

  double loss(const PairLikelihoods& z) const override {
    const double x = argument(z);
    return softplus(-x) - surplus_ * x;
  }
  Incentives incentives(const PairLikelihoods& z) const override {
    const double d = beta_ * (sigmoid(-argument(z)) + surplus_);
    return {d, d};
  }

 private:
  double argument(const PairLikelihoods& z) const { return beta_ * effective_margin(z); }

  double beta_;
  double surplus_;  ///< e / (1 - 2 e)
};

}  // namespace

ObjectiveInfo robust_dpo_objective() {
  return {.name = "robust-dpo",
          .title = "Robust DPO",
          .needs_reference = true,
          .entangled = true,
          .statistic = TokenStatistic::none,
          .source = "Chowdhury et al., 2024",
          .parameters = {beta_parameter(), label_smoothing_parameter(0.1)},
          .make = [](const ParameterValues& p, Likelihood) {
            return std::make_unique<RobustDpo>(p.at("beta"), p.at("label_smoothing"));
          }};
}

}  // namespace bandscope
