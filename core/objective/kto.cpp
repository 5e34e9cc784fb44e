// SPDX-License-Identifier: Apache-2.0
// KTO (Ethayarajh et al., 2024) in the pointwise form of Eq. (31): lambda_w sigma(-z~_w) + lambda_l sigma(z~_l).
#include "core/objective/scalar.h"

namespace bandscope {
namespace {

class Kto final : public Objective {
 public:
  Kto(double lambda_w, double lambda_l) : lambda_w_(lambda_w), lambda_l_(lambda_l) {}

  double loss(const PairLikelihoods& z) const override {
    return lambda_w_ * sigmoid(-normalized_w(z)) + lambda_l_ * sigmoid(normalized_l(z));
  }
  Incentives incentives(const PairLikelihoods& z) const override {
    return {lambda_w_ * sigmoid_slope(normalized_w(z)), lambda_l_ * sigmoid_slope(normalized_l(z))};
  }

 private:
  double lambda_w_;
  double lambda_l_;
};

}  // namespace

ObjectiveInfo kto_objective() {
  return {.name = "kto",
          .title = "KTO",
          .needs_reference = true,
          .entangled = false,
          .unpaired = true,
          .statistic = TokenStatistic::none,
          .source = "Eq. (32)",
          .parameters = {{"lambda_w", 1.0, {0.0, kParameterMaximum, true}, "weight of the chosen response"},
                         {"lambda_l", 1.0, {0.0, kParameterMaximum, true}, "weight of the rejected response"}},
          .make = [](const ParameterValues& p, Likelihood) {
            return std::make_unique<Kto>(p.at("lambda_w"), p.at("lambda_l"));
          }};
}

}  // namespace bandscope
