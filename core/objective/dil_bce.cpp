// SPDX-License-Identifier: Apache-2.0
// DIL-BCE (Xiao et al., 2025): log(1 + exp(-z~_w)) + log(1 + exp(z~_l)).
#include "core/objective/scalar.h"

namespace bandscope {
namespace {

class DilBce final : public Objective {
 public:
  double loss(const PairLikelihoods& z) const override {
    return softplus(-normalized_w(z)) + softplus(normalized_l(z));
  }
  Incentives incentives(const PairLikelihoods& z) const override {
    return {sigmoid(-normalized_w(z)), sigmoid(normalized_l(z))};
  }
};

}  // namespace

ObjectiveInfo dil_bce_objective() {
  return {.name = "dil-bce",
          .title = "DIL-BCE",
          .needs_reference = true,
          .entangled = false,
          .unpaired = true,
          .statistic = TokenStatistic::none,
          .source = "Eq. (36)",
          .parameters = {},
          .make = [](const ParameterValues&, Likelihood) { return std::make_unique<DilBce>(); }};
}

}  // namespace bandscope
