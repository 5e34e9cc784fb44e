// SPDX-License-Identifier: Apache-2.0
// SimPER (Xiao et al., 2025): exp(z-_l) - exp(z-_w) of the means per token z-, the inverse perplexities.
#include "core/objective/scalar.h"

namespace bandscope {
namespace {

class Simper final : public Objective {
 public:
  explicit Simper(Likelihood likelihood) : likelihood_(likelihood) {}

  double loss(const PairLikelihoods& z) const override {
    return std::exp(z.z_l * per_token(likelihood_, z.len_l)) - std::exp(z.z_w * per_token(likelihood_, z.len_w));
  }
  Incentives incentives(const PairLikelihoods& z) const override {
    const double to_w = per_token(likelihood_, z.len_w), to_l = per_token(likelihood_, z.len_l);
    return {to_w * std::exp(z.z_w * to_w), to_l * std::exp(z.z_l * to_l)};
  }

 private:
  Likelihood likelihood_;
};

}  // namespace

ObjectiveInfo simper_objective() {
  return {.name = "simper",
          .title = "SimPER",
          .needs_reference = false,
          .entangled = false,
          .statistic = TokenStatistic::none,
          .source = "Xiao et al., 2025",
          .parameters = {},
          .make = [](const ParameterValues&, Likelihood likelihood) { return std::make_unique<Simper>(likelihood); }};
}

}  // namespace bandscope
