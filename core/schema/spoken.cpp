// SPDX-License-Identifier: Apache-2.0
#include "core/schema/spoken.h"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/input/printable.h"

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

}  // namespace bandscope
