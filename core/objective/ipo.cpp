// SPDX-License-Identifier: Apache-2.0
// IPO (Azar et al., 2024): (m~ - lambda)^2 with the target lambda = 1 / (2 tau). Past the target both incentives are
// negative.
#include "core/objective/scalar.h"

namespace bandscope {
namespace {

class Ipo final : public Objective {
 public:
  explicit Ipo(double tau) : target_(1.0 / (2.0 * tau)) {}

  double loss(const PairLikelihoods& z) const override {
    const double excess = effective_margin(z) - target_;
    return excess * excess;
  }
  Incentives incentives(const PairLikelihoods& z) const override {
    const double d = 2.0 * (target_ - effective_margin(z));
    return {d, d};
  }

 private:
  double target_;
};

}  // namespace

ObjectiveInfo ipo_objective() {
  return {
      .name = "ipo",
      .title = "IPO",
      .needs_reference = true,
      .entangled = true,
      .statistic = TokenStatistic::none,
      .source = "Eq. (18)",
      .parameters = {{"tau", 0.1, {0.0, kParameterMaximum, true}, "regularization; the margin aims at 1 / (2 tau)"}},
      .make = [](const ParameterValues& p, Likelihood) { return std::make_unique<Ipo>(p.at("tau")); }};
}

}  // namespace bandscope
