// SPDX-License-Identifier: Apache-2.0
// Hinge on the normalised margin (RSO, Liu et al., 2024): max(0, 1 - beta m~).
#include "core/objective/scalar.h"

namespace bandscope {
namespace {

class Hinge final : public Objective {
 public:
  explicit Hinge(double beta) : beta_(beta) {}

  double loss(const PairLikelihoods& z) const override {
    const double slack = 1.0 - beta_ * effective_margin(z);
    return slack <= 0 ? 0.0 : slack;  // NaN stays NaN
  }
  Incentives incentives(const PairLikelihoods& z) const override {
    const double d = beta_ * effective_margin(z) < 1.0 ? beta_ : 0.0;
    return {d, d};
  }

 private:
  double beta_;
};

}  // namespace

ObjectiveInfo hinge_objective() {
  return {.name = "hinge",
          .title = "Hinge",
          .needs_reference = true,
          .entangled = true,
          .statistic = TokenStatistic::none,
          .source = "Liu et al., 2024",
          .parameters =
              {{"beta", 0.1, {0.0, kParameterMaximum, true}, "scale of the margin; the hinge lets go at 1 / beta"}},
          .make = [](const ParameterValues& p, Likelihood) { return std::make_unique<Hinge>(p.at("beta")); }};
}

}  // namespace bandscope
