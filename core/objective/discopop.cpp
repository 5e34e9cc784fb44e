// SPDX-License-Identifier: Apache-2.0
// DiscoPOP (Lu et al., 2024): (1 - s) (-log sigma(x)) + s e^-x with x = beta m~ and s = sigma(x / tau). With a tau
// below a tenth it rises near x = 0: both incentives are negative there, at the reference to begin with.
#include "core/objective/scalar.h"

namespace bandscope {
namespace {

class Discopop final : public Objective {
 public:
  Discopop(double beta, double tau) : beta_(beta), tau_(tau) {}

  double loss(const PairLikelihoods& z) const override {
    const double x = beta_ * effective_margin(z);
    return softplus(-x) * sigmoid(-x / tau_) + exponential(x);
  }
  Incentives incentives(const PairLikelihoods& z) const override {
    const double x = beta_ * effective_margin(z), s = sigmoid(x / tau_), rest = sigmoid(-x / tau_);
    const double blend = (softplus(-x) * s - exponential(x)) * rest / tau_;
    const double d = beta_ * (sigmoid(-x) * rest + exponential(x) + blend);
    return {d, d};
  }

 private:
  /// s e^-x; as one exponential, because e^-x alone overflows where s is all the smaller.
  double exponential(double x) const { return std::exp(-x - softplus(-x / tau_)); }

  double beta_;
  double tau_;
};

}  // namespace

ObjectiveInfo discopop_objective() {
  return {.name = "discopop",
          .title = "DiscoPOP",
          .needs_reference = true,
          .entangled = true,
          .statistic = TokenStatistic::none,
          .source = "Lu et al., 2024",
          .parameters = {beta_parameter(),
                         {"tau",
                          0.05,
                          {0.0, kParameterMaximum, true},
                          "how far from margin 0 the loss turns from logistic to exponential"}},
          .make = [](const ParameterValues& p, Likelihood) {
            return std::make_unique<Discopop>(p.at("beta"), p.at("tau"));
          }};
}

}  // namespace bandscope
