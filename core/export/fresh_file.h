// SPDX-License-Identifier: Apache-2.0
// A file that is written beside the one it replaces and takes its place when it is whole.
#pragma once

#include <filesystem>
#include <fstream>
#include <string_view>

namespace bandscope {

/// Where `file` is a link, what it points at is replaced. A device is never replaced, but written directly.
class FreshFile {
 public:
  /// What becomes of what was written if it is not put in place.
  enum class Unfinished {
    removed,
    kept  ///< in FILE.part, each write() of which is there at once
  };
  /// What becomes of a pipe in the file's place.
  enum class Pipe {
    written,  ///< directly: whoever named the file meant it
    replaced  ///< the program named the file, and nobody may be reading it
  };
  /// Throws RunError with path and the system's reason, as every function does.
  explicit FreshFile(const std::filesystem::path& file, Unfinished unfinished = Unfinished::removed,
                     Pipe pipe = Pipe::written);
  ~FreshFile();
  FreshFile(const FreshFile&) = delete;
  FreshFile& operator=(const FreshFile&) = delete;
  /// Where the content goes until finish(), for those who open it themselves.
  const std::filesystem::path& part() const { return part_; }
  void write(std::string_view bytes);
  /// Closes it and puts it in place.
  void finish();

 private:
  [[noreturn]] void fail(int reason) const;
  std::filesystem::path file_, target_, part_;
  std::ofstream out_;
  Unfinished unfinished_;
  bool finished_ = false;
};

/// A whole file of the program's own at once: a pipe in its place is replaced. Throws RunError.
void write_fresh(const std::filesystem::path& file, std::string_view bytes);

}  // namespace bandscope
