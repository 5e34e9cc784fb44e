// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4) of files by OpenSSL, so that a run record can name exactly what it was trained on.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/input/file.h"

struct evp_md_ctx_st;

namespace bandscope {

/// Feed bytes with add(), then take hex() once. Throws RunError where the library has no SHA-256 or no memory.
class Sha256 {
 public:
  Sha256();
  void add(std::string_view bytes);
  /// 64 lower-case hexadecimal digits; the object is spent afterwards.
  std::string hex();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

std::string sha256_of(std::string_view bytes);

/// Of a regular file. Throws DataError when it cannot be read, or is something else.
std::string sha256_of_file(const std::filesystem::path& file);
/// The same where seconds are too long, as with gigabytes: `between` is called after each block, and may throw.
std::string stoppable_sha256_of_file(const std::filesystem::path& file, const std::function<void()>& between);
/// Of a file that is open, from its first byte; `path` is for messages.
std::string sha256_of_open(const InputFile& file, const std::filesystem::path& path,
                           const std::function<void()>& between = nullptr);

}  // namespace bandscope
