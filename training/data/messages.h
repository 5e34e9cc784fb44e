// SPDX-License-Identifier: Apache-2.0
// The messages of a row: lists of {role, content}, with calls of tools; and ShareGPT's {from, value}.
#pragma once

#include <string>
#include <vector>

#include "training/data/row_fields.h"
#include "training/text/chat_template.h"

namespace bandscope::data {

/// The messages of a list, ShareGPT's too. An assistant's message may call tools instead of having content. Throws
/// RowProblem.
std::vector<text::ChatMessage> messages_of(const RowValue& list, const std::string& key);
text::ChatMessage sharegpt_message(const RowValue& value, const std::string& place);

/// "conversations" of a row, behind its "system". Throws RowProblem.
std::vector<text::ChatMessage> sharegpt_messages(const RowValue& row);

/// LLaMA-Factory's rows of one response: "messages", "conversations" (ShareGPT), or "instruction", "input" and "output"
/// with "history". The last message is the answer; `key` is where it stands. Throws RowProblem.
struct LabelledConversation {
  std::vector<text::ChatMessage> messages;
  const char* key;
};
LabelledConversation labelled_conversation(const RowValue& row);

/// The list of function schemas of a row's "tools": a list, or its JSON text; null where there is none.
RowValue tools_of(const RowValue& row);

/// What else the row's chat template is given, as TRL has it: "chat_template_kwargs", an object; null where there is
/// none. Throws RowProblem.
RowValue template_variables(const RowValue& row);

bool calls_tools(const text::ChatMessage& message);
/// Same role, content and calls: the rest (ids, scores) makes no other conversation.
bool same_message(const text::ChatMessage& a, const text::ChatMessage& b);
/// Throws RowProblem where `message`, the last of `key`, is no answer.
void require_answer(const text::ChatMessage& message, const std::string& key);
/// What a message says, for people: its content and its calls.
std::string spoken(const text::ChatMessage& message);
/// The same of several, with the roles of all but the first.
std::string spoken_in_turn(const std::vector<text::ChatMessage>& messages);

/// The prompt's messages where the row has them apart: a list, or a string that is the user's message.
std::vector<text::ChatMessage> prompt_messages(const RowValue* prompt);
/// The conversation of one side. A list of messages as prompt comes before the side, unless the side begins with all of
/// them (as TRL has it). A text as prompt comes before a side that begins with the answer; other sides are whole.
std::vector<text::ChatMessage> whole_conversation(const std::vector<text::ChatMessage>& prompt, bool prompt_is_list,
                                                  std::vector<text::ChatMessage> side);

}  // namespace bandscope::data
