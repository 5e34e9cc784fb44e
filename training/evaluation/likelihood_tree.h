// SPDX-License-Identifier: Apache-2.0
// Log-likelihoods of many continuations at once. What their texts have in common is computed once: the requests are a
// tree of tokens; its long stems go through the decoder one after the other and are kept, its many short branches go
// side by side as one row.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "training/evaluation/language_model.h"

namespace bandscope::evaluation {

/// Tokens that are given to the model, and those that its last positions are to predict.
struct LikelihoodRequest {
  std::vector<text::TokenId> input, targets;  ///< targets.size() <= input.size()
};

/// Context and continuation as the harness gives them to its models: tokenised together, blanks at the context's end
/// moved to the continuation, and of what is too long the end.
LikelihoodRequest likelihood_request(const LanguageModel& model, const std::string& context,
                                     const std::string& continuation);

struct LikelihoodAnswer {
  double log_likelihood = 0;  ///< in nats
  bool greedy = true;         ///< each target is the likeliest token
};

struct TreeOptions {
  std::int64_t row = 1024;                           ///< most tokens of a row
  std::int64_t branch = 512;                         ///< most tokens of a branch that is not a chain
  std::int64_t head_bytes = std::int64_t{96} << 20;  ///< logits held at a time
  bool share = true;                                 ///< false: every request alone, for comparison
};

/// Tokens done, and tokens in all.
using TokenProgress = std::function<void(std::int64_t done, std::int64_t total)>;

std::vector<LikelihoodAnswer> log_likelihoods(const LanguageModel& model, std::span<const LikelihoodRequest> requests,
                                              const TokenProgress& progress = nullptr, const TreeOptions& options = {});

}  // namespace bandscope::evaluation
