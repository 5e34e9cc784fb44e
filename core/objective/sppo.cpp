// SPDX-License-Identifier: Apache-2.0
// SPPO with hard preferences (Wu et al., 2024): (z~_w - t)^2 + (z~_l + t)^2 with the target t = 1 / (2 beta). The
// incentive of a response past its target is negative.
#include "core/objective/scalar.h"

namespace bandscope {
namespace {

class Sppo final : public Objective {
 public:
  explicit Sppo(double beta) : target_(0.5 / beta) {}

  double loss(const PairLikelihoods& z) const override {
    const double miss_w = normalized_w(z) - target_, miss_l = normalized_l(z) + target_;
    return miss_w * miss_w + miss_l * miss_l;
  }
  Incentives incentives(const PairLikelihoods& z) const override {
    return {2.0 * (target_ - normalized_w(z)), 2.0 * (normalized_l(z) + target_)};
  }

 private:
  double target_;
};

}  // namespace

ObjectiveInfo sppo_objective() {
  return {.name = "sppo",
          .title = "SPPO",
          .needs_reference = true,
          .entangled = false,
          .unpaired = true,
          .statistic = TokenStatistic::none,
          .source = "Wu et al., 2024",
          .parameters = {target_beta_parameter()},
          .make = [](const ParameterValues& p, Likelihood) { return std::make_unique<Sppo>(p.at("beta")); }};
}

}  // namespace bandscope
