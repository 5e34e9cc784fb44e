// SPDX-License-Identifier: Apache-2.0
// Log-probabilities of responses' tokens, and what z is made of them.
#pragma once

#include <span>
#include <vector>

#include "core/objective/objective.h"

namespace bandscope::likelihood {

/// log pi(y_t | ·) of both responses of one pair, float32.
struct TokenLogProbs {
  std::vector<float> chosen, rejected;
};

/// z of given log-probabilities, reduced as run_head does (double accumulation, same order). `weights` empty: all ones.
double reduce_log_probs(std::span<const float> log_probs, Likelihood likelihood, std::span<const float> weights = {});

/// TI-DPO's token weights, max(1 - pi, 1e-8).
std::vector<float> importance_weights(std::span<const float> log_probs);

/// dz / d log pi(y_t) of `count` tokens.
std::vector<double> token_coefficients(std::size_t count, Likelihood likelihood, std::span<const float> weights = {});

}  // namespace bandscope::likelihood
