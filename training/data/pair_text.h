// SPDX-License-Identifier: Apache-2.0
// One row of a data file to the three texts of a pair, in each of the accepted forms.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "training/data/pairs.h"
#include "training/text/chat_template.h"

namespace bandscope {

/// Why one row is unusable while the file may be fine.
struct RowProblem : std::runtime_error {
  using std::runtime_error::runtime_error;
};

enum class PairForm { strings, anthropic_hh, conversations, sharegpt };

/// The names PairSet::form uses.
const char* form_name(PairForm form);

/// Reads rows of any form. Conversations are rendered with the model's chat template, parsed at the first of them.
class PairTextReader {
 public:
  explicit PairTextReader(const Tokenizer& tokenizer) : tokenizer_(&tokenizer) {}
  /// Where no model is chosen yet: conversations are written out with their roles, for people only.
  PairTextReader() = default;

  /// Throws RowProblem for this row; DataError for what no other row will mend: KTO rows, a model without chat
  /// template, or one whose generation prompt is not how an answer begins.
  PairText read(const nlohmann::json& row, PairForm& form);

 private:
  PairText conversation(const std::vector<ChatMessage>& prompt, const ChatMessage& chosen, const ChatMessage& rejected);

  const Tokenizer* tokenizer_ = nullptr;
  std::optional<ChatTemplate> template_;
};

}  // namespace bandscope
