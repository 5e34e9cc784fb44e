// SPDX-License-Identifier: Apache-2.0
// ORPO (Hong et al., 2024): -z-_w - lambda log sigma(o(z-_w) - o(z-_l)) of the means per token z-, with the log-odds
// o(z-) = z- - log(1 - exp(z-)). They are infinite at z- = 0; from exp(z-) = 1 - 1e-6 on they go on as a straight line
// of the same value and slope.
#include "core/objective/scalar.h"

namespace bandscope {
namespace {

constexpr double kGap = 1e-6;

double knee() { return std::log1p(-kGap); }

double log_odds(double z) {
  return z < knee() ? z - std::log(-std::expm1(z)) : knee() - std::log(kGap) + (z - knee()) / kGap;
}
double log_odds_slope(double z) { return z < knee() ? -1.0 / std::expm1(z) : 1.0 / kGap; }

class Orpo final : public Objective {
 public:
  Orpo(double lambda, Likelihood likelihood) : lambda_(lambda), likelihood_(likelihood) {}

  double loss(const PairLikelihoods& z) const override {
    const double w = z.z_w * per_token(likelihood_, z.len_w), l = z.z_l * per_token(likelihood_, z.len_l);
    return lambda_ * softplus(log_odds(l) - log_odds(w)) - w;
  }
  Incentives incentives(const PairLikelihoods& z) const override {
    const double to_w = per_token(likelihood_, z.len_w), to_l = per_token(likelihood_, z.len_l);
    const double w = z.z_w * to_w, l = z.z_l * to_l;
    const double d = lambda_ * sigmoid(log_odds(l) - log_odds(w));
    return {to_w * (1.0 + d * log_odds_slope(w)), to_l * d * log_odds_slope(l)};
  }

 private:
  double lambda_;
  Likelihood likelihood_;
};

}  // namespace

ObjectiveInfo orpo_objective() {
  return {.name = "orpo",
          .title = "ORPO",
          .needs_reference = false,
          .entangled = true,
          .statistic = TokenStatistic::none,
          .source = "Hong et al., 2024",
          .parameters =
              {{"lambda", 0.1, {0.0, kParameterMaximum}, "weight of the odds ratio beside the chosen likelihood"}},
          .make = [](const ParameterValues& p, Likelihood likelihood) {
            return std::make_unique<Orpo>(p.at("lambda"), likelihood);
          }};
}

}  // namespace bandscope
