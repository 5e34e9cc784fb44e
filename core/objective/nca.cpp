// SPDX-License-Identifier: Apache-2.0
// NCA on a pair (Chen et al., 2024): -log sigma(w) - log sigma(-w) / 2 - log sigma(-l) / 2 of w = beta z~_w and
// l = beta z~_l. d_w is negative beyond sigma(w) = 2 / 3.
#include "core/objective/scalar.h"

namespace bandscope {
namespace {

class Nca final : public Objective {
 public:
  explicit Nca(double beta) : beta_(beta) {}

  double loss(const PairLikelihoods& z) const override {
    const double w = beta_ * normalized_w(z), l = beta_ * normalized_l(z);
    return softplus(-w) + 0.5 * softplus(w) + 0.5 * softplus(l);
  }
  Incentives incentives(const PairLikelihoods& z) const override {
    const double w = beta_ * normalized_w(z), l = beta_ * normalized_l(z);
    return {beta_ * (sigmoid(-w) - 0.5 * sigmoid(w)), 0.5 * beta_ * sigmoid(l)};
  }

 private:
  double beta_;
};

}  // namespace

ObjectiveInfo nca_objective() {
  return {.name = "nca",
          .title = "NCA",
          .needs_reference = true,
          .entangled = false,
          .unpaired = true,
          .statistic = TokenStatistic::none,
          .source = "Chen et al., 2024",
          .parameters = {pointwise_beta_parameter()},
          .make = [](const ParameterValues& p, Likelihood) { return std::make_unique<Nca>(p.at("beta")); }};
}

}  // namespace bandscope
