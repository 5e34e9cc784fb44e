// SPDX-License-Identifier: Apache-2.0
// SLiC-HF (Zhao et al., 2023): max(0, gamma - m) - lambda z_w, Eq. (22).
#include "core/objective/scalar.h"

namespace bandscope {
namespace {

class SlicHf final : public Objective {
 public:
  SlicHf(double gamma, double lambda) : gamma_(gamma), lambda_(lambda) {}

  double loss(const PairLikelihoods& z) const override { return std::fmax(0.0, gamma_ - margin(z)) - lambda_ * z.z_w; }
  Incentives incentives(const PairLikelihoods& z) const override {
    const double hinge = margin(z) < gamma_ ? 1.0 : 0.0;
    return {hinge + lambda_, hinge};
  }

 private:
  double gamma_;
  double lambda_;
};

}  // namespace

ObjectiveInfo slic_hf_objective() {
  return {.name = "slic-hf",
          .title = "SLiC-HF",
          .needs_reference = false,
          .entangled = true,
          .statistic = TokenStatistic::none,
          .source = "Eq. (23)",
          .parameters = {{"gamma", 1.0, {0.0, kParameterMaximum}, "margin at which the hinge lets go"},
                         {"lambda", 0.1, {0.0, kParameterMaximum}, "weight of the chosen likelihood"}},
          .make = [](const ParameterValues& p, Likelihood) {
            return std::make_unique<SlicHf>(p.at("gamma"), p.at("lambda"));
          }};
}

}  // namespace bandscope
