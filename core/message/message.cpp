// SPDX-License-Identifier: Apache-2.0
#include "core/message/message.h"

namespace bandscope {

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

}  // namespace bandscope
