// SPDX-License-Identifier: Apache-2.0
#include "training/evaluation/settled_text.h"

#include <algorithm>

#include "training/text/utf8.h"

namespace bandscope::evaluation {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::size_t kLongestCharacter = 4;

/// Where the text begins to be a character that lacks bytes; its size where there is none.
std::size_t broken_end(std::string_view text) {
  std::size_t end = text.size();
  while (text.substr(0, end).ends_with(kReplacement)) end -= kReplacement.size();
  for (std::size_t length = 1; length < kLongestCharacter && length <= end; ++length) {
    const auto lead = static_cast<unsigned char>(text[end - length]);
    if ((lead & 0xC0U) == 0x80U) continue;  // in the middle of one
    const bool whole = lead < 0x80U || text::utf8_sequence(text, end - length) == length;
    return whole ? end : end - length;
  }
  return end;
}

/// Bytes at the end of `text` that may be how `end` begins.
std::size_t begun(std::string_view text, std::string_view end) {
  for (std::size_t length = std::min(text.size(), end.size()); length > 0; --length)
    if (text.ends_with(end.substr(0, length))) return length;
  return 0;
}

}  // namespace

std::size_t settled_size(std::string_view text, std::span<const std::string> ends) {
  text = text.substr(0, broken_end(text));
  std::size_t held = 0;
  for (const std::string& end : ends) held = std::max(held, begun(text, end));
  return text.size() - held;
}

}  // namespace bandscope::evaluation
