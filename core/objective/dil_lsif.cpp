// SPDX-License-Identifier: Apache-2.0
// DIL-LSIF (Xiao et al., 2025): exp(2 z~_l) / 2 - exp(z~_w).
#include "core/objective/scalar.h"

namespace bandscope {
namespace {

class DilLsif final : public Objective {
 public:
  double loss(const PairLikelihoods& z) const override {
    return 0.5 * std::exp(2.0 * normalized_l(z)) - std::exp(normalized_w(z));
  }
  Incentives incentives(const PairLikelihoods& z) const override {
    return {std::exp(normalized_w(z)), std::exp(2.0 * normalized_l(z))};
  }
};

}  // namespace

ObjectiveInfo dil_lsif_objective() {
  return {.name = "dil-lsif",
          .title = "DIL-LSIF",
          .needs_reference = true,
          .entangled = false,
          .unpaired = true,
          .statistic = TokenStatistic::none,
          .source = "Eq. (38)",
          .parameters = {},
          .make = [](const ParameterValues&, Likelihood) { return std::make_unique<DilLsif>(); }};
}

}  // namespace bandscope
