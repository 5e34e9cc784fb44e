// SPDX-License-Identifier: Apache-2.0
// Cal-DPO (Xiao et al., 2024): -log sigma(m~) + (z~_w - t)^2 + (z~_l + t)^2 with the target t = 1 / (2 beta). The
// incentive of a response far past its target is negative.
#include "core/objective/scalar.h"

namespace bandscope {
namespace {

class CalDpo final : public Objective {
 public:
  explicit CalDpo(double beta) : target_(0.5 / beta) {}

  double loss(const PairLikelihoods& z) const override {
    const double miss_w = normalized_w(z) - target_, miss_l = normalized_l(z) + target_;
    return softplus(-effective_margin(z)) + miss_w * miss_w + miss_l * miss_l;
  }
  Incentives incentives(const PairLikelihoods& z) const override {
    const double d = sigmoid(-effective_margin(z));
    return {d + 2.0 * (target_ - normalized_w(z)), d + 2.0 * (normalized_l(z) + target_)};
  }

 private:
  double target_;
};

}  // namespace

ObjectiveInfo cal_dpo_objective() {
  return {.name = "cal-dpo",
          .title = "Cal-DPO",
          .needs_reference = true,
          .entangled = true,
          .statistic = TokenStatistic::none,
          .source = "Xiao et al., 2024",
          .parameters = {target_beta_parameter()},
          .make = [](const ParameterValues& p, Likelihood) { return std::make_unique<CalDpo>(p.at("beta")); }};
}

}  // namespace bandscope
