// SPDX-License-Identifier: Apache-2.0
#include "core/schema/message.h"

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/input/json.h"

namespace bandscope {
namespace {

constexpr int deepest = 60;               ///< sentences within sentences: lists are nested
constexpr std::size_t most = 9;           ///< values of one sentence
constexpr std::size_t longest = 4096;     ///< bytes of one text
constexpr std::size_t largest = 1 << 16;  ///< bytes of all texts together

/// Whether `sentence` has a place for each of `values` values and none twice, by which a text could grow without bound.
bool has_places(std::string_view sentence, std::size_t values) {
  std::size_t used[10] = {};
  for (std::size_t i = 0; i + 1 < sentence.size(); ++i)
    if (sentence[i] == '%' && sentence[i + 1] >= '1' && sentence[i + 1] <= '9') ++used[sentence[i + 1] - '0'];
  for (std::size_t i = 1; i <= most; ++i)
    if (used[i] != (i <= values ? 1 : 0)) return false;
  return true;
}

std::optional<Message> read(const nlohmann::json& json, int depth, std::size_t& bytes) {
  const bool sentence = json.is_array();
  if (!sentence && !json.is_string()) return std::nullopt;
  if (sentence && (depth >= deepest || json.empty() || json.size() > most + 1 || !json[0].is_string()))
    return std::nullopt;
  const auto& text = (sentence ? json[0] : json).get_ref<const std::string&>();
  bytes += text.size();
  if (text.size() > longest || bytes > largest) return std::nullopt;
  if (!sentence) return Message::plain(text);
  std::vector<Message> values;
  for (std::size_t i = 1; i < json.size(); ++i) {
    auto value = read(json[i], depth + 1, bytes);
    if (!value) return std::nullopt;
    values.push_back(std::move(*value));
  }
  return has_places(text, values.size()) ? std::optional(Message::known(text, std::move(values))) : std::nullopt;
}

}  // namespace

Message Message::plain(std::string text) {
  Message message;
  message.text_ = std::move(text);
  return message;
}

Message Message::known(std::string english, std::vector<Message> values) {
  Message message;
  message.text_ = std::move(english);
  message.values_ = std::move(values);
  message.sentence_ = true;
  return message;
}

Message Message::joined(Message first, Message second) {
  if (first.empty()) return second;
  return second.empty() ? first : tr("%1; %2", std::move(first), std::move(second));
}

std::string Message::english() const {
  if (!sentence_) return text_;
  std::vector<std::string> values;
  for (const Message& value : values_) values.push_back(value.english());
  return filled(text_, values);
}

std::string Message::filled(std::string_view sentence, const std::vector<std::string>& values) {
  std::string text;
  for (std::size_t i = 0; i < sentence.size(); ++i) {
    const std::size_t place = sentence[i] == '%' && i + 1 < sentence.size() ? std::size_t(sentence[i + 1]) - '0' : 0;
    if (place >= 1 && place <= values.size())
      text += values[place - 1], ++i;
    else
      text += sentence[i];
  }
  return text;
}

Message replaced(const Message& message, std::string_view from, std::string_view to) {
  std::string text = message.text();
  if (!message.is_sentence()) {
    if (const auto at = text.rfind(from); at != std::string::npos) text.replace(at, from.size(), to);
    return Message::plain(std::move(text));
  }
  std::vector<Message> values;
  for (const Message& value : message.values()) values.push_back(replaced(value, from, to));
  return Message::known(std::move(text), std::move(values));
}

nlohmann::json to_json(const Message& message) {
  if (!message.is_sentence()) return message.text();
  nlohmann::json json = nlohmann::json::array({message.text()});
  for (const Message& value : message.values()) json.push_back(to_json(value));
  return json;
}

std::optional<Message> message_from(const nlohmann::json& json) {
  std::size_t bytes = 0;
  return read(json, 0, bytes);
}

Message message_of(const std::exception& error) {
  const auto* own = dynamic_cast<const MessageError*>(&error);
  return own ? own->message() : Message::plain(error.what());
}

Message message_of(std::string_view english, const nlohmann::json& json) {
  if (auto message = message_from(json); message && !english.empty() && message->english().starts_with(english))
    return *message;
  return Message::plain(std::string(english));
}

Message message_of_text(std::string_view english, std::string_view json) {
  const auto read = json.empty() ? std::nullopt : try_json(json);
  return message_of(english, read ? *read : nlohmann::json());
}

}  // namespace bandscope
