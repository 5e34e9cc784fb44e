// SPDX-License-Identifier: Apache-2.0
// EXO on a pair (Ji et al., 2024): the divergence KL(q || p) of q = (sigma(x), sigma(-x)), x = beta m~, from the target
// p = (1 - e, e). Past the target, x > log((1 - e) / e), both incentives are negative.
#include "core/objective/scalar.h"

namespace bandscope {
namespace {

class Exo final : public Objective {
 public:
  Exo(double beta, double label_smoothing)
      : beta_(beta), log_chosen_(std::log1p(-label_smoothing)), log_rejected_(std::log(label_smoothing)) {}

  double loss(const PairLikelihoods& z) const override {
    const double x = argument(z);
    return sigmoid(x) * (-softplus(-x) - log_chosen_) + sigmoid(-x) * (-softplus(x) - log_rejected_);
  }
  Incentives incentives(const PairLikelihoods& z) const override {
    const double x = argument(z);
    const double d = beta_ * sigmoid_slope(x) * (log_chosen_ - log_rejected_ - x);
    return {d, d};
  }

 private:
  double argument(const PairLikelihoods& z) const { return beta_ * effective_margin(z); }

  double beta_;
  double log_chosen_;    ///< log(1 - e)
  double log_rejected_;  ///< log e
};

}  // namespace

ObjectiveInfo exo_objective() {
  return {.name = "exo",
          .title = "EXO",
          .needs_reference = true,
          .entangled = true,
          .statistic = TokenStatistic::none,
          .source = "Ji et al., 2024",
          .parameters = {beta_parameter(),
                         {"label_smoothing",
                          1e-3,
                          {0.0, 0.5, true, true},
                          "probability that the target leaves to the rejected response"}},
          .make = [](const ParameterValues& p, Likelihood) {
            return std::make_unique<Exo>(p.at("beta"), p.at("label_smoothing"));
          }};
}

}  // namespace bandscope
