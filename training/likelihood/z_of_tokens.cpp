// SPDX-License-Identifier: Apache-2.0
#include "training/likelihood/z_of_tokens.h"

#include <algorithm>
#include <cmath>

namespace bandscope::likelihood {

double reduce_log_probs(std::span<const float> log_probs, Likelihood likelihood, std::span<const float> weights) {
  double sum = 0, total = 0;
  for (std::size_t t = 0; t < log_probs.size(); ++t) {
    const double weight = weights.empty() ? 1.0 : weights[t];
    sum += weight * log_probs[t];
    total += weight;
  }
  return likelihood == Likelihood::mean ? sum / total : sum;
}

std::vector<float> importance_weights(std::span<const float> log_probs) {
  std::vector<float> weights;
  weights.reserve(log_probs.size());
  for (float log_prob : log_probs)
    weights.push_back(static_cast<float>(std::max(-std::expm1(static_cast<double>(log_prob)), 1e-8)));
  return weights;
}

std::vector<double> token_coefficients(std::size_t count, Likelihood likelihood, std::span<const float> weights) {
  double total = weights.empty() ? static_cast<double>(count) : 0.0;
  for (const float weight : weights) total += weight;
  if (likelihood == Likelihood::sum) total = 1.0;
  std::vector<double> coefficients;
  coefficients.reserve(count);
  for (std::size_t t = 0; t < count; ++t) coefficients.push_back((weights.empty() ? 1.0 : weights[t]) / total);
  return coefficients;
}

}  // namespace bandscope::likelihood
