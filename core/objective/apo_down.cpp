// SPDX-License-Identifier: Apache-2.0
// APO-down (D'Oosterlinck et al., 2024), for chosen responses that are worse than what the reference says:
// sigma(beta z~_w) + sigma(-beta m~). It lowers the rejected response; d_w is positive where the margin is nearer to
// 0 than z~_w, 0 at the reference, and negative beyond.
#include "core/objective/scalar.h"

namespace bandscope {
namespace {

class ApoDown final : public Objective {
 public:
  explicit ApoDown(double beta) : beta_(beta) {}

  double loss(const PairLikelihoods& z) const override {
    return sigmoid(beta_ * normalized_w(z)) + sigmoid(-beta_ * effective_margin(z));
  }
  Incentives incentives(const PairLikelihoods& z) const override {
    const double d_l = beta_ * sigmoid_slope(beta_ * effective_margin(z));
    return {d_l - beta_ * sigmoid_slope(beta_ * normalized_w(z)), d_l};
  }

 private:
  double beta_;
};

}  // namespace

ObjectiveInfo apo_down_objective() {
  return {.name = "apo-down",
          .title = "APO-down",
          .needs_reference = true,
          .entangled = true,
          .statistic = TokenStatistic::none,
          .source = "D'Oosterlinck et al., 2024",
          .parameters =
              {{"beta", 0.1, {0.0, kParameterMaximum, true}, "scale of margin and log-ratio inside the sigmoids"}},
          .make = [](const ParameterValues& p, Likelihood) { return std::make_unique<ApoDown>(p.at("beta")); }};
}

}  // namespace bandscope
