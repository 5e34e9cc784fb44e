// SPDX-License-Identifier: Apache-2.0
// One row of a data file to the three texts of a pair, in each of the accepted forms.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/message/message.h"
#include "training/data/pairs.h"
#include "training/data/row_fields.h"
#include "training/text/chat_template.h"

namespace bandscope::data {

enum class PairForm { strings, anthropic_hh, conversations, sharegpt, labelled };

/// The names PairSet::form uses.
const char* form_name(PairForm form);

/// Reads rows of any form. Conversations are rendered with the model's chat template, parsed at the first of them.
class PairTextReader {
 public:
  /// `own_prompts` and `objective` as in PairOptions.
  explicit PairTextReader(const text::Tokenizer& tokenizer, bool own_prompts = false, std::string objective = {})
      : tokenizer_(&tokenizer), own_prompts_(own_prompts), objective_(std::move(objective)) {}
  /// Where no model is chosen yet: conversations are written out with their roles, for people only.
  PairTextReader() = default;
  explicit PairTextReader(bool own_prompts, std::string objective = {})
      : own_prompts_(own_prompts), objective_(std::move(objective)) {}

  /// Throws RowProblem for this row; DataError for what no other row will mend: rows of one response where they
  /// are not taken, a model without chat template, or one that takes too long.
  PairText read(const RowValue& row, PairForm& form);

  /// What people should know about how the rows so far were read, each sentence once.
  const std::vector<Message>& notes() const { return notes_; }

 private:
  /// What a row gives its chat template beside messages.
  struct TemplateInput {
    RowValue tools, variables;
  };
  static TemplateInput input_of(const RowValue& row);
  /// `chosen` and `rejected`: an answer, or a whole exchange that begins and ends with one.
  PairText conversation(const std::vector<text::ChatMessage>& prompt, const std::vector<text::ChatMessage>& chosen,
                        const std::vector<text::ChatMessage>& rejected, const TemplateInput& input);
  /// A prompt and its answer, in `prompt` and `chosen`.
  PairText answered(const std::vector<text::ChatMessage>& messages, const char* key, const TemplateInput& input);
  PairText labelled(const RowValue& row, bool label);
  void check_shared(const std::string& shared, const std::vector<text::ChatMessage>& prompt,
                    const std::string (&whole)[2], const TemplateInput& input);
  void note(const Message& sentence);

  const text::Tokenizer* tokenizer_ = nullptr;
  bool own_prompts_ = false;
  std::string objective_;
  std::optional<text::ChatTemplate> template_;
  std::vector<Message> notes_;
};

}  // namespace bandscope::data
