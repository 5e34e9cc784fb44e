// SPDX-License-Identifier: Apache-2.0
#include "core/input/crc32c.h"

#include <array>

namespace bandscope {
namespace {

constexpr std::array<std::uint32_t, 256> table = [] {
  std::array<std::uint32_t, 256> values{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1U) != 0 ? 0x82F63B78U ^ (value >> 1U) : value >> 1U;
    values[i] = value;
  }
  return values;
}();

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  std::uint32_t value = 0xFFFFFFFFU;
  for (const char c : bytes) value = table[(value ^ static_cast<unsigned char>(c)) & 0xFFU] ^ (value >> 8U);
  return value ^ 0xFFFFFFFFU;
}

}  // namespace bandscope
