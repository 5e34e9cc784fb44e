// SPDX-License-Identifier: Apache-2.0
// CPO (Xu et al., 2024): -log sigma(beta m) - lambda z_w.
#include "core/objective/scalar.h"

namespace bandscope {
namespace {

class Cpo final : public Objective {
 public:
  Cpo(double beta, double lambda) : beta_(beta), lambda_(lambda) {}

  double loss(const PairLikelihoods& z) const override { return softplus(-beta_ * margin(z)) - lambda_ * z.z_w; }
  Incentives incentives(const PairLikelihoods& z) const override {
    const double d = beta_ * sigmoid(-beta_ * margin(z));
    return {d + lambda_, d};
  }

 private:
  double beta_;
  double lambda_;
};

}  // namespace

ObjectiveInfo cpo_objective() {
  return {
      .name = "cpo",
      .title = "CPO",
      .needs_reference = false,
      .entangled = true,
      .statistic = TokenStatistic::none,
      .source = "Eq. (21)",
      .parameters = {beta_parameter(), {"lambda", 1.0, {0.0, kParameterMaximum}, "weight of the chosen likelihood"}},
      .make = [](const ParameterValues& p, Likelihood) { return std::make_unique<Cpo>(p.at("beta"), p.at("lambda")); }};
}

}  // namespace bandscope
