// SPDX-License-Identifier: Apache-2.0
#include "core/schema/message_json.h"

#include <nlohmann/json.hpp>

#include "core/input/json.h"

namespace bandscope {
namespace {

constexpr int deepest = 60;               ///< sentences within sentences: lists are nested
constexpr std::size_t most = 9;           ///< values of one sentence
constexpr std::size_t longest = 4096;     ///< bytes of one text
constexpr std::size_t largest = 1 << 16;  ///< bytes of all texts together

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
  // A place named twice would let a text grow without bound.
  return has_places(text, values.size()) ? std::optional(Message::known(text, std::move(values))) : std::nullopt;
}

}  // namespace

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
