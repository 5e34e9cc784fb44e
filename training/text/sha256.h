// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4) of files, so that a run record can name exactly what it was trained on.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/input/file.h"

namespace bandscope {

/// Feed bytes with add(), then take hex() once.
class Sha256 {
 public:
  void add(std::string_view bytes);
  /// 64 lower-case hexadecimal digits; the object is spent afterwards.
  std::string hex();

 private:
  void block(const std::uint8_t* bytes);

  std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::uint8_t, 64> pending_{};
  std::uint64_t length_ = 0;  ///< bytes seen
};

std::string sha256_of(std::string_view bytes);

/// Of a regular file. Throws DataError when it cannot be read, or is something else.
std::string sha256_of_file(const std::filesystem::path& file);
/// Of a file that is open, from its first byte; `path` is for messages.
std::string sha256_of_open(const InputFile& file, const std::filesystem::path& path);

}  // namespace bandscope
