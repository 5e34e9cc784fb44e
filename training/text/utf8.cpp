// SPDX-License-Identifier: Apache-2.0
#include "training/text/utf8.h"

#include <utf8proc.h>

#include <algorithm>

namespace bandscope::text {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

std::uint8_t byte_at(std::string_view text, std::size_t at) { return static_cast<std::uint8_t>(text[at]); }

/// Bounds of the second byte after a given lead byte; they exclude overlong forms, surrogates and > U+10FFFF.
struct Second {
  std::uint8_t low, high;
};

Second second_byte(std::uint8_t lead) {
  switch (lead) {
    case 0xE0:
      return {0xA0, 0xBF};
    case 0xED:
      return {0x80, 0x9F};
    case 0xF0:
      return {0x90, 0xBF};
    case 0xF4:
      return {0x80, 0x8F};
    default:
      return {0x80, 0xBF};
  }
}

std::size_t wanted_length(std::uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

/// Bytes at `at` that are a correct start of a sequence: the whole of it when `complete`.
std::size_t valid_part(std::string_view text, std::size_t at, bool& complete) {
  const std::uint8_t lead = byte_at(text, at);
  const std::size_t wanted = wanted_length(lead);
  complete = false;
  if (wanted == 0) return 0;
  std::size_t have = 1;
  const Second bounds = second_byte(lead);
  while (have < wanted && at + have < text.size()) {
    const std::uint8_t next = byte_at(text, at + have);
    const bool fits = have == 1 ? next >= bounds.low && next <= bounds.high : (next & 0xC0) == 0x80;
    if (!fits) return have;
    ++have;
  }
  complete = have == wanted;
  return have;
}

}  // namespace

std::size_t utf8_sequence(std::string_view text, std::size_t at) {
  bool complete = false;
  const std::size_t length = valid_part(text, at, complete);
  return complete ? length : 0;
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_sequence(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::string to_valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    bool complete = false;
    const std::size_t length = valid_part(text, at, complete);
    if (complete) {
      out.append(text.substr(at, length));
    } else {
      out.append(kReplacement);
    }
    at += std::max<std::size_t>(length, 1);
  }
  return out;
}

char32_t utf8_at(std::string_view text, std::size_t at, std::size_t& length) {
  const std::uint8_t lead = byte_at(text, at);
  length = std::max<std::size_t>(wanted_length(lead), 1);
  if (length == 1 || at + length > text.size()) {
    length = 1;
    return lead;
  }
  char32_t code_point = lead & (0x7F >> length);
  for (std::size_t i = 1; i < length; ++i) code_point = (code_point << 6) | (byte_at(text, at + i) & 0x3F);
  return code_point;
}

void append_utf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out.push_back(static_cast<char>(0xC0 | (c >> 6)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
  } else if (c < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | (c >> 12)));
    out.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
  } else {
    out.push_back(static_cast<char>(0xF0 | (c >> 18)));
    out.push_back(static_cast<char>(0x80 | ((c >> 12) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
  }
}

bool is_white_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

bool is_numeric(char32_t c) {
  const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
  return category == UTF8PROC_CATEGORY_ND || category == UTF8PROC_CATEGORY_NL || category == UTF8PROC_CATEGORY_NO;
}

bool is_word(char32_t c) {
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_PC:
      return true;
    default:
      return c == 0x200C || c == 0x200D;
  }
}

}  // namespace bandscope::text
