// SPDX-License-Identifier: Apache-2.0
// Who may look at a run's folder, move it aside and begin a record in it: one process at a time.
#pragma once

#include <filesystem>
#include <optional>

namespace bandscope {

/// An exclusive lock on the name of a run's folder, on the file .NAME.lock beside it, since the folder itself may be
/// moved aside meanwhile. It dies with its process; the file goes with the lock. Taken before looking and held until
/// the record has its own WriterLock.
class FolderLock {
 public:
  /// Nothing where another process holds it. Where files cannot be locked or made it is taken to be free.
  static std::optional<FolderLock> try_take(const std::filesystem::path& folder);
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  FolderLock(std::filesystem::path file, int descriptor) : file_(std::move(file)), descriptor_(descriptor) {}
  std::filesystem::path file_;
  int descriptor_ = -1;
};

}  // namespace bandscope
