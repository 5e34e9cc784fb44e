// SPDX-License-Identifier: Apache-2.0
// DIL-UKL (Xiao et al., 2025): exp(z~_l) - z~_w.
#include "core/objective/scalar.h"

namespace bandscope {
namespace {

class DilUkl final : public Objective {
 public:
  double loss(const PairLikelihoods& z) const override { return std::exp(normalized_l(z)) - normalized_w(z); }
  Incentives incentives(const PairLikelihoods& z) const override { return {1.0, std::exp(normalized_l(z))}; }
};

}  // namespace

ObjectiveInfo dil_ukl_objective() {
  return {.name = "dil-ukl",
          .title = "DIL-UKL",
          .needs_reference = true,
          .entangled = false,
          .unpaired = true,
          .statistic = TokenStatistic::none,
          .source = "Eq. (37)",
          .parameters = {},
          .make = [](const ParameterValues&, Likelihood) { return std::make_unique<DilUkl>(); }};
}

}  // namespace bandscope
