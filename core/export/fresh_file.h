// SPDX-License-Identifier: Apache-2.0
// A file that is written beside the one it replaces and takes its place when it is whole.
#pragma once

#include <filesystem>
#include <fstream>
#include <string_view>

namespace bandscope {

/// Whether the bytes of a file are on the disk before it takes the other's place, so that after a power cut one of the
/// two is there. It costs some milliseconds.
enum class OnDisk { later, first };

/// A device is never replaced, but written directly.
class FreshFile {
 public:
  /// What becomes of what was written if it is not put in place.
  enum class Unfinished {
    removed,
    kept  ///< in FILE.part, each write() of which is there at once
  };
  enum class Name {
    given,  ///< by a person, who means what is there: a pipe is written, and a link goes on pointing where it points
    own     ///< by the program: a pipe, which nobody may read, and a link, which may lead anywhere, are replaced
  };
  /// Throws RunError with path and the system's reason, as every function does.
  explicit FreshFile(const std::filesystem::path& file, Unfinished unfinished = Unfinished::removed,
                     Name name = Name::given);
  ~FreshFile();
  FreshFile(const FreshFile&) = delete;
  FreshFile& operator=(const FreshFile&) = delete;
  /// Where the content goes until finish(), for those who open it themselves.
  const std::filesystem::path& part() const { return part_; }
  void write(std::string_view bytes);
  /// Closes it and puts it in place.
  void finish(OnDisk on_disk = OnDisk::later);

 private:
  [[noreturn]] void fail(int reason) const;
  std::filesystem::path file_, target_, part_;
  std::ofstream out_;
  Unfinished unfinished_;
  bool finished_ = false;
};

/// A whole file of the program's own at once (Name::own). Throws RunError.
void write_fresh(const std::filesystem::path& file, std::string_view bytes, OnDisk on_disk = OnDisk::later);

}  // namespace bandscope
