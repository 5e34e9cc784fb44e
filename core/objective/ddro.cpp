// SPDX-License-Identifier: Apache-2.0
// DDRO (Higuchi & Suzuki, 2025): log 2 - z~_w + log 2 - log(2 - exp(z~_l)). The last term is infinite at exp(z~_l) = 2;
// from 2 - 1e-6 on it goes on as a straight line of the same value and slope.
#include "core/objective/scalar.h"

namespace bandscope {
namespace {

constexpr double kGap = 1e-6;
constexpr double kSteepest = (2.0 - kGap) / kGap;

/// 2 - e^u, without the cancellation near u = log 2.
double gap(double u) { return -2.0 * std::expm1(u - std::log(2.0)); }

class Ddro final : public Objective {
 public:
  double loss(const PairLikelihoods& z) const override {
    const double u = normalized_l(z);
    const double knee = std::log(2.0 - kGap);
    const double rejected = u < knee ? -std::log(gap(u)) : -std::log(kGap) + kSteepest * (u - knee);
    return 2.0 * std::log(2.0) - normalized_w(z) + rejected;
  }
  Incentives incentives(const PairLikelihoods& z) const override {
    const double u = normalized_l(z);
    return {1.0, u < std::log(2.0 - kGap) ? std::exp(u) / gap(u) : kSteepest};
  }
};

}  // namespace

ObjectiveInfo ddro_objective() {
  return {.name = "ddro",
          .title = "DDRO",
          .needs_reference = true,
          .entangled = false,
          .unpaired = true,
          .statistic = TokenStatistic::none,
          .source = "Eq. (34)",
          .parameters = {},
          .make = [](const ParameterValues&, Likelihood) { return std::make_unique<Ddro>(); }};
}

}  // namespace bandscope
