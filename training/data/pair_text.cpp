// SPDX-License-Identifier: Apache-2.0
#include "training/data/pair_text.h"

#include <algorithm>

#include "core/error.h"

namespace bandscope {
namespace {

using nlohmann::json;

constexpr std::string_view kHhMarker = "\n\nAssistant:";

std::string quoted(const std::string& key) { return "\"" + key + "\""; }

std::string kind_of(const json& value) {
  const std::string name = value.type_name();
  return name == "null" ? name : (name == "array" || name == "object" ? "an " : "a ") + name;
}

const json* find(const json& row, const char* key) {
  const auto found = row.find(key);
  return found == row.end() || found->is_null() ? nullptr : &*found;
}

const std::string& text_of(const json& value, const std::string& place) {
  if (!value.is_string()) throw RowProblem(place + " is " + kind_of(value) + ", a string is needed");
  return value.get_ref<const std::string&>();
}

const json& member(const json& object, const char* key, const std::string& place) {
  if (!object.is_object())
    throw RowProblem(place + " is " + kind_of(object) + ", an object with " + quoted(key) + " is needed");
  const json* value = find(object, key);
  if (value == nullptr) throw RowProblem(place + " lacks " + quoted(key));
  return *value;
}

ChatMessage message_of(const json& value, const std::string& place) {
  ChatMessage message;
  message.role = text_of(member(value, "role", place), place + ".role");
  message.content = text_of(member(value, "content", place), place + ".content");
  return message;
}

std::vector<ChatMessage> messages_of(const json& list, const std::string& key) {
  std::vector<ChatMessage> messages;
  for (const json& entry : list)
    messages.push_back(message_of(entry, key + "[" + std::to_string(messages.size()) + "]"));
  if (messages.empty()) throw RowProblem(quoted(key) + " is an empty list of messages");
  return messages;
}

bool same(const ChatMessage& a, const ChatMessage& b) { return a.role == b.role && a.content == b.content; }

void require_answer(const ChatMessage& message, const std::string& key) {
  if (message.role != "assistant") {
    throw RowProblem("the last message of " + quoted(key) + " has the role " + quoted(message.role) +
                     ", \"assistant\" is needed");
  }
  if (message.content.find_first_not_of(" \t\r\n") == std::string::npos)
    throw RowProblem(quoted(key) + " has an empty response");
}

/// The prompt's messages where the row has them apart: a list, or a string that is the user's message.
std::vector<ChatMessage> prompt_messages(const json* prompt) {
  if (prompt == nullptr) return {};
  if (prompt->is_string()) return {{"user", prompt->get<std::string>()}};
  if (prompt->is_array()) return messages_of(*prompt, "prompt");
  throw RowProblem("\"prompt\" is " + kind_of(*prompt) + ", a string or a list of messages is needed");
}

/// `side` as a whole conversation: many data sets repeat the prompt in it, others give the answer alone.
std::vector<ChatMessage> whole_conversation(const std::vector<ChatMessage>& prompt, std::vector<ChatMessage> side) {
  if (side.front().role != "assistant") return side;
  side.insert(side.begin(), prompt.begin(), prompt.end());
  return side;
}

PairText split_hh(const std::string& chosen, const std::string& rejected) {
  const auto ends = std::mismatch(chosen.begin(), chosen.end(), rejected.begin(), rejected.end());
  const std::string_view shared(chosen.data(), static_cast<std::size_t>(ends.first - chosen.begin()));
  const std::size_t marker = shared.rfind(kHhMarker);
  if (marker == std::string_view::npos) {
    throw RowProblem(
        "\"chosen\" and \"rejected\" share no prompt: no \"\\n\\nAssistant:\" in the text both begin with");
  }
  const std::size_t cut = marker + kHhMarker.size();
  return {chosen.substr(0, cut), chosen.substr(cut), rejected.substr(cut)};
}

ChatMessage sharegpt_message(const json& value, const std::string& place) {
  const std::string& from = text_of(member(value, "from", place), place + ".from");
  const std::string& text = text_of(member(value, "value", place), place + ".value");
  if (from == "human" || from == "user") return {"user", text};
  if (from == "gpt" || from == "assistant") return {"assistant", text};
  if (from == "system") return {"system", text};
  throw RowProblem(place + ".from is " + quoted(from) + ", allowed are human, user, gpt, assistant, system");
}

std::string keys_of(const json& row) {
  std::string keys;
  for (const auto& [key, value] : row.items()) {
    if (keys.size() > 200) return keys + ", …";
    keys += (keys.empty() ? "" : ", ") + key;
  }
  return keys.empty() ? "no keys" : "the keys " + keys;
}

[[noreturn]] void refuse_kto(const json& row) {
  throw DataError("these are KTO rows (one answer with a \"label\", " + keys_of(row) +
                  "): pairs are needed, with \"chosen\" and \"rejected\" in each row");
}

}  // namespace

const char* form_name(PairForm form) {
  switch (form) {
    case PairForm::strings:
      return "prompt/chosen/rejected";
    case PairForm::anthropic_hh:
      return "Anthropic-HH";
    case PairForm::conversations:
      return "conversations";
    case PairForm::sharegpt:
      return "ShareGPT";
  }
  return "";
}

PairText PairTextReader::conversation(const std::vector<ChatMessage>& prompt, const ChatMessage& chosen,
                                      const ChatMessage& rejected) {
  if (prompt.empty()) throw RowProblem("there is no message before the response, so no prompt");
  if (tokenizer_ == nullptr) {
    PairText plain{"", chosen.content, rejected.content};
    for (const ChatMessage& message : prompt) plain.prompt += message.role + ": " + message.content + "\n\n";
    plain.prompt += "assistant: ";
    return plain;
  }
  if (tokenizer_->chat_template().empty()) {
    throw DataError(
        "the rows are conversations, but the model has no chat template (chat_template in "
        "tokenizer_config.json, or chat_template.jinja)");
  }
  if (!template_) template_.emplace(tokenizer_->chat_template(), tokenizer_->bos_text(), tokenizer_->eos_text());
  // A response rendered alone may get a system message of its own, so it is what comes after the rendered prompt.
  PairText text;
  std::string whole[2];
  try {
    text.prompt = template_->render(prompt, true);
    for (int side = 0; side < 2; ++side) {
      std::vector<ChatMessage> messages = prompt;
      messages.push_back(side == 0 ? chosen : rejected);
      whole[side] = template_->render(messages, false);
    }
  } catch (const DataError& error) {
    throw RowProblem(error.what());
  }
  for (const std::string& rendered : whole) {
    if (!rendered.starts_with(text.prompt)) {
      throw DataError(
          "the model's chat template cannot be used for pairs: the prompt with its generation prompt is "
          "not how the whole conversation begins");
    }
  }
  text.chosen = whole[0].substr(text.prompt.size());
  text.rejected = whole[1].substr(text.prompt.size());
  return text;
}

PairText PairTextReader::read(const json& row, PairForm& form) {
  if (!row.is_object()) throw RowProblem("the row is " + kind_of(row) + ", an object is needed");
  const json* chosen = find(row, "chosen");
  const json* rejected = find(row, "rejected");
  const json* prompt = find(row, "prompt");
  if (chosen == nullptr && rejected == nullptr && find(row, "label") != nullptr) refuse_kto(row);
  for (const char* key : {"chosen", "rejected"}) {
    const auto value = row.find(key);
    if (value == row.end()) throw RowProblem("lacks " + quoted(key) + " (the row has " + keys_of(row) + ")");
    if (!value->is_string() && !value->is_array() && !value->is_object()) {
      throw RowProblem(quoted(key) + " is " + kind_of(*value) + ", a string or a list of messages is needed");
    }
  }
  if (chosen->type() != rejected->type()) {
    throw RowProblem("\"chosen\" is " + kind_of(*chosen) + " and \"rejected\" is " + kind_of(*rejected) +
                     ", both must be of one kind");
  }
  if (chosen->is_object()) {
    form = PairForm::sharegpt;
    std::vector<ChatMessage> messages;
    if (const json* system = find(row, "system"); system != nullptr && !text_of(*system, "\"system\"").empty()) {
      messages.push_back({"system", system->get<std::string>()});
    }
    const json& turns = member(row, "conversations", "the row");
    if (!turns.is_array()) throw RowProblem("\"conversations\" is " + kind_of(turns) + ", a list is needed");
    std::size_t index = 0;
    for (const json& turn : turns) {
      messages.push_back(sharegpt_message(turn, "conversations[" + std::to_string(index++) + "]"));
    }
    const ChatMessage answer[2] = {sharegpt_message(*chosen, "chosen"), sharegpt_message(*rejected, "rejected")};
    require_answer(answer[0], "chosen");
    require_answer(answer[1], "rejected");
    return conversation(messages, answer[0], answer[1]);
  }
  if (chosen->is_array()) {
    form = PairForm::conversations;
    const std::vector<ChatMessage> apart = prompt_messages(prompt);
    const auto first = whole_conversation(apart, messages_of(*chosen, "chosen"));
    const auto second = whole_conversation(apart, messages_of(*rejected, "rejected"));
    require_answer(first.back(), "chosen");
    require_answer(second.back(), "rejected");
    if (!std::equal(first.begin(), first.end() - 1, second.begin(), second.end() - 1, same)) {
      throw RowProblem("\"chosen\" and \"rejected\" share no prompt: they differ before their last message");
    }
    return conversation({first.begin(), first.end() - 1}, first.back(), second.back());
  }
  PairText text;
  if (prompt != nullptr) {
    form = PairForm::strings;
    text = {text_of(*prompt, "\"prompt\""), chosen->get<std::string>(), rejected->get<std::string>()};
  } else {
    form = PairForm::anthropic_hh;
    text = split_hh(chosen->get_ref<const std::string&>(), rejected->get_ref<const std::string&>());
  }
  if (text.chosen.empty()) throw RowProblem("\"chosen\" has an empty response");
  if (text.rejected.empty()) throw RowProblem("\"rejected\" has an empty response");
  return text;
}

}  // namespace bandscope
