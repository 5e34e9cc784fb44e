// SPDX-License-Identifier: Apache-2.0
// One row of a data file to the three texts of a pair, in each of the accepted forms.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/schema/message.h"
#include "training/data/pairs.h"
#include "training/data/row_fields.h"
#include "training/text/chat_template.h"

namespace bandscope::data {

enum class PairForm { strings, anthropic_hh, conversations, sharegpt };

/// The names PairSet::form uses.
const char* form_name(PairForm form);

/// Reads rows of any form. Conversations are rendered with the model's chat template, parsed at the first of them.
class PairTextReader {
 public:
  explicit PairTextReader(const text::Tokenizer& tokenizer) : tokenizer_(&tokenizer) {}
  /// Where no model is chosen yet: conversations are written out with their roles, for people only.
  PairTextReader() = default;

  /// Throws RowProblem for this row; DataError for what no other row will mend: KTO rows, a model without chat
  /// template, or one that takes too long.
  PairText read(const RowValue& row, PairForm& form);

  /// What people should know about how the rows so far were read, each sentence once.
  const std::vector<Message>& notes() const { return notes_; }

 private:
  PairText conversation(const std::vector<text::ChatMessage>& prompt, const text::ChatMessage& chosen,
                        const text::ChatMessage& rejected, const RowValue& tools);
  void check_shared(const std::string& shared, const std::vector<text::ChatMessage>& prompt,
                    const std::string (&whole)[2], const RowValue& tools);
  void note(const Message& sentence);

  const text::Tokenizer* tokenizer_ = nullptr;
  std::optional<text::ChatTemplate> template_;
  std::vector<Message> notes_;
};

}  // namespace bandscope::data
