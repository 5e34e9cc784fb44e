// SPDX-License-Identifier: Apache-2.0
// A file that is written beside the one it replaces and takes its place when it is whole.
#pragma once

#include <filesystem>
#include <fstream>
#include <string_view>

namespace bandscope {

class FreshFile {
 public:
  /// Throws RunError with path and reason, as every function does.
  explicit FreshFile(const std::filesystem::path& file);
  /// Removes what was written unless it was put in place.
  ~FreshFile();
  FreshFile(const FreshFile&) = delete;
  FreshFile& operator=(const FreshFile&) = delete;
  /// Where the content goes, for those who open it themselves.
  const std::filesystem::path& part() const { return part_; }
  void write(std::string_view bytes);
  /// Closes it and puts it in place.
  void finish();

 private:
  [[noreturn]] void fail() const;
  std::filesystem::path file_, part_;
  std::ofstream out_;
  bool finished_ = false;
};

}  // namespace bandscope
