// SPDX-License-Identifier: Apache-2.0
// CRC-32C (Castagnoli, RFC 3720), and how records of TensorFlow hold it.
#pragma once

#include <cstdint>
#include <string_view>

namespace bandscope {

std::uint32_t crc32c(std::string_view bytes);

/// Sums of data that themselves hold sums are weak, so TensorFlow's records hold them rotated and shifted.
constexpr std::uint32_t masked_crc(std::uint32_t crc) { return ((crc >> 15U) | (crc << 17U)) + 0xA282EAD8U; }

}  // namespace bandscope
