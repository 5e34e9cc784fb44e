// SPDX-License-Identifier: Apache-2.0
// A model as evaluation sees it: weights, tokenizer, and how its texts begin and end.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "training/evaluation/task.h"
#include "training/model/decoder.h"
#include "training/text/tokenizer.h"

namespace bandscope::evaluation {

struct LanguageModel {
  model::Decoder& decoder;
  const text::Tokenizer& tokenizer;
  bool adapters = true;             ///< false: the weights below them
  std::int64_t max_length = 2048;   ///< positions that a text may take
  std::vector<text::TokenId> ends;  ///< ids that end an answer
  // Of answers, as generation_config.json has it, else as transformers.
  double repetition_penalty = 1.0;
  std::int64_t top_k = 50;  ///< of drawn ones
  double top_p = 1.0;       ///< of drawn ones, where a task does not say

  /// Ids of a text as it is given to the model, with BOS where its tokenizer adds one and the text does not begin with
  /// it.
  std::vector<text::TokenId> encode(const std::string& text) const;
  /// What stands before a text that has nothing before it: BOS, or EOS. DataError where there is neither.
  text::TokenId first_id() const;
};

/// What config.json and generation_config.json of `folder` say. Throws DataError.
LanguageModel language_model(model::Decoder& decoder, const text::Tokenizer& tokenizer,
                             const std::filesystem::path& folder);
/// The tokenizer's chat template as tasks use it; DataError where it has none.
ChatFormat chat_format(const text::Tokenizer& tokenizer, const std::filesystem::path& folder);

}  // namespace bandscope::evaluation
