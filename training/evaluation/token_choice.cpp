// SPDX-License-Identifier: Apache-2.0
#include "training/evaluation/token_choice.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace bandscope::evaluation {

void penalize(std::span<float> logits, const std::unordered_set<text::TokenId>& said, double penalty) {
  if (penalty == 1.0) return;
  for (const text::TokenId id : said) {
    float& logit = logits[static_cast<std::size_t>(id)];
    logit = static_cast<float>(logit > 0 ? logit / penalty : logit * penalty);
  }
}

text::TokenId next_token(std::span<const float> logits, const GenerationRequest& request, std::mt19937_64& random) {
  const auto likeliest = std::max_element(logits.begin(), logits.end());
  if (!request.sample) return static_cast<text::TokenId>(likeliest - logits.begin());
  std::vector<std::size_t> order(logits.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<double> weights(logits.size());
  if (const auto most = static_cast<std::size_t>(request.top_k); most > 0 && most < order.size()) {
    std::vector<float> sorted(logits.begin(), logits.end());
    std::nth_element(sorted.begin(), sorted.begin() + request.top_k - 1, sorted.end(), std::greater<>());
    std::erase_if(order, [&](std::size_t i) { return logits[i] < sorted[most - 1]; });
  }
  double total = 0;
  for (const std::size_t i : order) {
    weights[i] = std::exp((static_cast<double>(logits[i]) - static_cast<double>(*likeliest)) / request.temperature);
    total += weights[i];
  }
  double kept = total;
  if (request.top_p < 1.0) {
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return weights[a] > weights[b]; });
    kept = 0;
    std::size_t count = 0;
    while (count < order.size() && (count == 0 || kept < request.top_p * total)) kept += weights[order[count++]];
    order.resize(count);
  }
  // 53 random bits to a number in [0, 1): the same on every machine, which the standard's distributions are not.
  const double drawn = static_cast<double>(random() >> 11) * 0x1.0p-53 * kept;
  double below = 0;
  for (const std::size_t i : order) {
    below += weights[i];
    if (drawn < below) return static_cast<text::TokenId>(i);
  }
  return static_cast<text::TokenId>(order.back());
}

}  // namespace bandscope::evaluation
