// SPDX-License-Identifier: Apache-2.0
// RRHF (Yuan et al., 2023): max(0, -m) - lambda z_w, the hinge of Eq. (22) with gamma = 0.
#include "core/objective/scalar.h"

namespace bandscope {
namespace {

class Rrhf final : public Objective {
 public:
  explicit Rrhf(double lambda) : lambda_(lambda) {}

  double loss(const PairLikelihoods& z) const override { return std::fmax(0.0, -margin(z)) - lambda_ * z.z_w; }
  Incentives incentives(const PairLikelihoods& z) const override {
    const double hinge = margin(z) < 0.0 ? 1.0 : 0.0;
    return {hinge + lambda_, hinge};
  }

 private:
  double lambda_;
};

}  // namespace

ObjectiveInfo rrhf_objective() {
  return {.name = "rrhf",
          .title = "RRHF",
          .needs_reference = false,
          .entangled = true,
          .statistic = TokenStatistic::none,
          .source = "Eq. (23)",
          .parameters = {{"lambda", 0.1, {0.0, kParameterMaximum}, "weight of the chosen likelihood"}},
          .make = [](const ParameterValues& p, Likelihood) { return std::make_unique<Rrhf>(p.at("lambda")); }};
}

}  // namespace bandscope
