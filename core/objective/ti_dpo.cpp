// SPDX-License-Identifier: Apache-2.0
// TI-DPO (Yang et al., 2026): DPO on likelihoods whose tokens are weighted by importance. The weighting is the
// likelihood head's work (Eq. 26), so here the form is that of DPO.
#include "core/objective/scalar.h"

namespace bandscope {
namespace {

class TiDpo final : public Objective {
 public:
  explicit TiDpo(double beta) : beta_(beta) {}

  double loss(const PairLikelihoods& z) const override { return softplus(-beta_ * effective_margin(z)); }
  Incentives incentives(const PairLikelihoods& z) const override {
    const double d = beta_ * sigmoid(-beta_ * effective_margin(z));
    return {d, d};
  }

 private:
  double beta_;
};

}  // namespace

ObjectiveInfo ti_dpo_objective() {
  return {.name = "ti-dpo",
          .title = "TI-DPO",
          .needs_reference = true,
          .entangled = true,
          .statistic = TokenStatistic::importance,
          .source = "Eq. (27)",
          .parameters = {beta_parameter()},
          .make = [](const ParameterValues& p, Likelihood) { return std::make_unique<TiDpo>(p.at("beta")); }};
}

}  // namespace bandscope
