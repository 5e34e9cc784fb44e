// SPDX-License-Identifier: Apache-2.0
// Answers to many prompts at once: a batch of them goes on token by token with keys and values kept, and a place that
// becomes free is taken by the next prompt. What all prompts begin with is computed once.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "training/evaluation/language_model.h"

namespace bandscope::evaluation {

struct GenerationRequest {
  std::vector<text::TokenId> prompt;  ///< not empty
  std::vector<std::string> until;     ///< the answer ends before the first of these
  std::int64_t max_tokens = 256;
  bool sample = false;  ///< else the likeliest token each time
  double temperature = 1.0;
  double top_p = 1.0;
  std::int64_t top_k = 0;  ///< 0: all tokens
  std::uint64_t seed = 0;  ///< of this request's own generator, so that answers do not depend on what runs beside
};

/// A prompt's ids, cut on its left to leave room for the answer. Throws DataError where the model has no such room.
std::vector<text::TokenId> prompt_ids(const LanguageModel& model, const std::string& prompt, std::int64_t max_tokens);

/// Called as an answer grows: the text that follows what was given before, and the tokens that were made for it so far.
/// All pieces of an answer are how the answer begins; its end may be missing from them.
using PieceHandler = std::function<void(std::size_t request, const std::string& piece, std::int64_t tokens)>;

struct GeneratorOptions {
  std::int64_t places = 32;                            ///< answers that go on at a time
  std::int64_t cache_bytes = std::int64_t{768} << 20;  ///< most that their keys and values take
  std::int64_t row = 1024;                             ///< most tokens of prompts that are read at a time
  PieceHandler grew = nullptr;                         ///< after each token, also where it adds no text yet
  std::function<void()> before_step = nullptr;         ///< before each token of a batch; what it throws ends all
};

/// Called as each answer ends, with the request's index and the tokens that were made for it.
using AnswerHandler = std::function<void(std::size_t request, const std::string& text, std::int64_t tokens)>;

/// Every request's answer, without what ended it. Draws from no other generator than its own.
std::vector<std::string> generate(const LanguageModel& model, std::span<const GenerationRequest> requests,
                                  const AnswerHandler& ended = nullptr, const GeneratorOptions& options = {});

}  // namespace bandscope::evaluation
