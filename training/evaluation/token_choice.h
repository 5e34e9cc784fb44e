// SPDX-License-Identifier: Apache-2.0
// Which token follows: the likeliest, or one that is drawn.
#pragma once

#include <random>
#include <span>
#include <unordered_set>
#include <vector>

#include "training/evaluation/generator.h"

namespace bandscope::evaluation {

/// Makes what was said already less likely: logits above 0 are divided, others multiplied by `penalty`.
void penalize(std::span<float> logits, const std::unordered_set<text::TokenId>& said, double penalty);

/// The next token. With request.sample it is drawn from softmax(logits / temperature): of it the top_k likeliest tokens
/// count, and those as likely as the last of them, and of these only the likeliest that together reach top_p.
text::TokenId next_token(std::span<const float> logits, const GenerationRequest& request, std::mt19937_64& random);

}  // namespace bandscope::evaluation
