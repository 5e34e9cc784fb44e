// SPDX-License-Identifier: Apache-2.0
// APO-zero (D'Oosterlinck et al., 2024), for chosen responses that are better than what the reference says:
// sigma(-beta z~_w) + sigma(beta z~_l).
#include "core/objective/scalar.h"

namespace bandscope {
namespace {

class ApoZero final : public Objective {
 public:
  explicit ApoZero(double beta) : beta_(beta) {}

  double loss(const PairLikelihoods& z) const override {
    return sigmoid(-beta_ * normalized_w(z)) + sigmoid(beta_ * normalized_l(z));
  }
  Incentives incentives(const PairLikelihoods& z) const override {
    return {beta_ * sigmoid_slope(beta_ * normalized_w(z)), beta_ * sigmoid_slope(beta_ * normalized_l(z))};
  }

 private:
  double beta_;
};

}  // namespace

ObjectiveInfo apo_zero_objective() {
  return {.name = "apo-zero",
          .title = "APO-zero",
          .needs_reference = true,
          .entangled = false,
          .unpaired = true,
          .statistic = TokenStatistic::none,
          .source = "D'Oosterlinck et al., 2024",
          .parameters = {pointwise_beta_parameter()},
          .make = [](const ParameterValues& p, Likelihood) { return std::make_unique<ApoZero>(p.at("beta")); }};
}

}  // namespace bandscope
