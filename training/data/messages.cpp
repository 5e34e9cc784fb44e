// SPDX-License-Identifier: Apache-2.0
#include "training/data/messages.h"

#include <algorithm>

#include "core/input/json.h"
#include "core/input/printable.h"

namespace bandscope::data {
namespace {

using namespace row_fields;

bool blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

/// Order of keys is no difference.
nlohmann::json calls_of(const text::ChatMessage& message) {
  if (!message.fields.is_object()) return nullptr;
  const RowValue* calls = find(message.fields, "tool_calls");
  return calls != nullptr && !calls->empty() ? nlohmann::json(*calls) : nlohmann::json();
}

text::ChatMessage chat_message_of(const RowValue& value, const std::string& place) {
  text::ChatMessage message;
  message.role = text_of(member(value, "role", place), place + ".role");
  const RowValue* calls = find(value, "tool_calls");
  const bool has_calls = calls != nullptr && !calls->empty();
  if (has_calls && !calls->is_array())
    throw RowProblem(Message::tr("%1.tool_calls is %2, a list is needed", place, kind_of(*calls)));
  if (find(value, "content") != nullptr || !has_calls)
    message.content = text_of(member(value, "content", place), place + ".content");
  if (value.size() > 2 || has_calls) message.fields = value;
  return message;
}

/// LLaMA-Factory's calls: the JSON of one {"name", "arguments"} or of a list of them.
text::ChatMessage called(const std::string& value, const std::string& place) {
  const auto parsed = try_ordered_json(value);
  if (!parsed || !(parsed->is_object() || parsed->is_array()))
    throw RowProblem(Message::tr("%1.value is no JSON of a function's call", place));
  RowValue calls = RowValue::array();
  for (const RowValue& call : parsed->is_array() ? *parsed : RowValue::array({*parsed})) {
    member(call, "name", place + ".value");
    calls.push_back({{"type", "function"}, {"function", call}});
  }
  text::ChatMessage message{"assistant", ""};
  message.fields = {{"role", "assistant"}, {"content", ""}, {"tool_calls", calls}};
  return message;
}

/// The message that a row's "system" is; none where that is not there or empty.
std::vector<text::ChatMessage> system_of(const RowValue& row) {
  const RowValue* system = find(row, "system");
  if (system == nullptr || text_of(*system, "\"system\"").empty()) return {};
  return {{"system", system->get<std::string>()}};
}

}  // namespace

std::vector<text::ChatMessage> messages_of(const RowValue& list, const std::string& key) {
  std::vector<text::ChatMessage> messages;
  for (const RowValue& entry : list) {
    const std::string place = key + "[" + std::to_string(messages.size()) + "]";
    const bool sharegpt = entry.is_object() && entry.contains("from") && !entry.contains("role");
    messages.push_back(sharegpt ? sharegpt_message(entry, place) : chat_message_of(entry, place));
  }
  if (messages.empty()) throw RowProblem(Message::tr("\"%1\" is an empty list of messages", printable(key)));
  return messages;
}

text::ChatMessage sharegpt_message(const RowValue& value, const std::string& place) {
  const std::string& from = text_of(member(value, "from", place), place + ".from");
  const std::string& text = text_of(member(value, "value", place), place + ".value");
  if (from == "human" || from == "user") return {"user", text};
  if (from == "gpt" || from == "assistant") return {"assistant", text};
  if (from == "system") return {"system", text};
  if (from == "observation" || from == "tool") return {"tool", text};
  if (from == "function_call") return called(text, place);
  throw RowProblem(Message::tr(
      "%1.from is \"%2\", allowed are human, user, gpt, assistant, system, function_call, observation and tool", place,
      printable(from)));
}

std::vector<text::ChatMessage> sharegpt_messages(const RowValue& row) {
  std::vector<text::ChatMessage> messages = system_of(row);
  const RowValue& turns = member(row, "conversations", "the row");
  if (!turns.is_array()) throw RowProblem(Message::tr("\"conversations\" is %1, a list is needed", kind_of(turns)));
  std::size_t index = 0;
  for (const RowValue& turn : turns)
    messages.push_back(sharegpt_message(turn, "conversations[" + std::to_string(index++) + "]"));
  return messages;
}

LabelledConversation labelled_conversation(const RowValue& row) {
  if (const RowValue* messages = find(row, "messages")) {
    if (!messages->is_array())
      throw RowProblem(
          Message::tr("\"%1\" is %2, a list of messages is needed", std::string("messages"), kind_of(*messages)));
    return {messages_of(*messages, "messages"), "messages"};
  }
  if (find(row, "conversations") != nullptr) {
    LabelledConversation result{sharegpt_messages(row), "conversations"};
    if (result.messages.empty())
      throw RowProblem(Message::tr("\"%1\" is an empty list of messages", std::string("conversations")));
    return result;
  }
  if (find(row, "output") == nullptr)
    throw RowProblem(Message::tr(
        "has a label, and neither \"completion\", \"messages\", \"conversations\" nor \"output\" (the row has %1)",
        keys_of(row)));
  LabelledConversation result{system_of(row), "output"};
  if (const RowValue* history = find(row, "history")) {
    for (const RowValue& turn : *history) {
      if (!turn.is_array() || turn.size() != 2)
        throw RowProblem(Message::tr("\"history\" needs pairs of a question and its answer"));
      result.messages.push_back({"user", text_of(turn[0], "\"history\"")});
      result.messages.push_back({"assistant", text_of(turn[1], "\"history\"")});
    }
  }
  std::string question;
  for (const char* key : {"instruction", "input"}) {
    const RowValue* part = find(row, key);
    if (part == nullptr || text_of(*part, std::string("\"") + key + "\"").empty()) continue;
    question += (question.empty() ? "" : "\n") + part->get<std::string>();
  }
  result.messages.push_back({"user", question});
  result.messages.push_back({"assistant", text_of(*find(row, "output"), "\"output\"")});
  return result;
}

RowValue tools_of(const RowValue& row) {
  const RowValue* tools = find(row, "tools");
  if (tools == nullptr) return nullptr;
  RowValue list = *tools;
  if (tools->is_string()) {
    const std::string& text = tools->get_ref<const std::string&>();
    if (blank(text)) return nullptr;
    auto parsed = try_ordered_json(text);
    if (!parsed)
      throw RowProblem(Message::tr("\"tools\" is a text that is not valid JSON, a list of functions is needed"));
    list = std::move(*parsed);
  }
  if (list.is_null()) return nullptr;
  if (!list.is_array()) throw RowProblem(Message::tr("\"tools\" is %1, a list of functions is needed", kind_of(list)));
  return list.empty() ? RowValue(nullptr) : list;
}

RowValue template_variables(const RowValue& row) {
  const RowValue* variables = find(row, "chat_template_kwargs");
  if (variables == nullptr) return nullptr;
  if (!variables->is_object())
    throw RowProblem(Message::tr("\"chat_template_kwargs\" is %1, an object is needed", kind_of(*variables)));
  for (const char* own : {"messages", "tools", "documents", "add_generation_prompt"})
    if (variables->contains(own))
      throw RowProblem(Message::tr("\"chat_template_kwargs\" has \"%1\", which rows do not choose", own));
  return *variables;
}

bool calls_tools(const text::ChatMessage& message) { return !calls_of(message).is_null(); }

bool same_message(const text::ChatMessage& a, const text::ChatMessage& b) {
  return a.role == b.role && a.content == b.content && calls_of(a) == calls_of(b);
}

void require_answer(const text::ChatMessage& message, const std::string& key) {
  if (message.role != "assistant") {
    throw RowProblem(Message::tr("the last message of \"%1\" has the role \"%2\", \"assistant\" is needed",
                                 printable(key), printable(message.role)));
  }
  if (blank(message.content) && !calls_tools(message))
    throw RowProblem(Message::tr("\"%1\" has an empty response", printable(key)));
}

std::string spoken(const text::ChatMessage& message) {
  const nlohmann::json calls = calls_of(message);
  if (calls.is_null()) return message.content;
  return message.content + (message.content.empty() ? "" : "\n") +
         calls.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string spoken_in_turn(const std::vector<text::ChatMessage>& messages) {
  std::string text;
  for (const text::ChatMessage& message : messages)
    text += (text.empty() ? "" : "\n\n" + message.role + ": ") + spoken(message);
  return text;
}

std::vector<text::ChatMessage> prompt_messages(const RowValue* prompt) {
  if (prompt == nullptr) return {};
  if (prompt->is_string()) return {{"user", prompt->get<std::string>()}};
  if (prompt->is_array()) return prompt->empty() ? std::vector<text::ChatMessage>() : messages_of(*prompt, "prompt");
  throw RowProblem(
      Message::tr("\"%1\" is %2, a string or a list of messages is needed", std::string("prompt"), kind_of(*prompt)));
}

std::vector<text::ChatMessage> whole_conversation(const std::vector<text::ChatMessage>& prompt, bool prompt_is_list,
                                                  std::vector<text::ChatMessage> side) {
  const bool repeats = prompt_is_list ? side.size() > prompt.size() &&
                                            std::equal(prompt.begin(), prompt.end(), side.begin(), same_message)
                                      : side.front().role != "assistant";
  if (!repeats) side.insert(side.begin(), prompt.begin(), prompt.end());
  return side;
}

}  // namespace bandscope::data
