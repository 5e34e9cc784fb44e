// SPDX-License-Identifier: Apache-2.0
#include "core/schema/spoken.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/error.h"
#include "core/input/file.h"
#include "core/input/printable.h"
#include "core/schema/message_json.h"

namespace bandscope {
namespace {

/// Takes the last line that is not blank from the end of `text`, without the blanks around it.
std::string_view take_last_line(std::string_view& text) {
  constexpr std::string_view blank = " \t\r\n";
  text = text.substr(0, text.find_last_not_of(blank) + 1);
  const std::size_t before = text.find_last_of("\r\n");
  std::string_view line = before == std::string_view::npos ? text : text.substr(before + 1);
  text.remove_suffix(line.size());
  line.remove_prefix(std::min(line.find_first_not_of(blank), line.size()));
  return line;
}

}  // namespace

std::string spoken(const Message& message, std::string_view speaker) {
  std::string lines = std::string(speaker) + printable(message.english()) + '\n';
  const char* asked = std::getenv(kSpeakVariable);
  if (asked && *asked && message.is_sentence())
    lines += to_json(message).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
  return lines;
}

Message last_spoken(std::string_view output) {
  std::string_view line = take_last_line(output), json;
  if (line.starts_with("[\"")) json = std::exchange(line, take_last_line(output));
  constexpr std::string_view speaker = "bandscope-engine: ";
  if (line.starts_with(speaker)) line.remove_prefix(speaker.size());
  return message_of_text(line.empty() ? json : line, json);
}

Message last_words(const std::filesystem::path& log, std::uint64_t from) {
  constexpr std::uint64_t tail = 16384;
  constexpr int most_characters = 400;
  std::string output;
  try {
    const InputFile file = open_input(log);
    if (file.bytes() > tail) from = std::max(from, file.bytes() - tail);
    output.resize(tail);
    const ssize_t size = ::pread(file.descriptor.get(), output.data(), output.size(), static_cast<off_t>(from));
    output.resize(static_cast<std::size_t>(std::max<ssize_t>(0, size)));
  } catch (const DataError&) {
    return {};
  }
  Message words = last_spoken(output);
  if (words.is_sentence()) return words;
  // Bytes of the form 10xxxxxx go on with a character.
  int characters = 0;
  const auto begins = [&](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80 && ++characters > most_characters;
  };
  const std::string& text = words.text();
  return Message::plain({text.begin(), std::ranges::find_if(text, begins)});
}

}  // namespace bandscope
