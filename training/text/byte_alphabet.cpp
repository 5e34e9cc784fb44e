// SPDX-License-Identifier: Apache-2.0
#include "training/text/byte_alphabet.h"

#include <array>

#include "training/text/utf8.h"

namespace bandscope::text {
namespace {

struct Alphabet {
  std::array<std::string, 256> character;
  std::array<int, 512> byte;  ///< by code point, -1 outside the alphabet

  Alphabet() {
    byte.fill(-1);
    char32_t next = 256;  // bytes without a printable Latin-1 character take the code points from 256 on, in order
    for (int b = 0; b < 256; ++b) {
      const bool printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || (b >= 0xAE && b <= 0xFF);
      const char32_t code_point = printable ? static_cast<char32_t>(b) : next++;
      append_utf8(character[b], code_point);
      byte[code_point] = b;
    }
  }
};

const Alphabet& alphabet() {
  static const Alphabet table;
  return table;
}

}  // namespace

const std::string& byte_character(std::uint8_t byte) { return alphabet().character[byte]; }

std::optional<std::string> alphabet_to_bytes(std::string_view token) {
  std::string out;
  for (std::size_t at = 0, length = 0; at < token.size(); at += length) {
    const char32_t c = utf8_at(token, at, length);
    const int byte = c < alphabet().byte.size() ? alphabet().byte[c] : -1;
    if (byte < 0) return std::nullopt;
    out.push_back(static_cast<char>(byte));
  }
  return out;
}

}  // namespace bandscope::text
