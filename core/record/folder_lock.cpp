// SPDX-License-Identifier: Apache-2.0
#include "core/record/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace bandscope {
namespace {

bool leads_to(const std::filesystem::path& file, int descriptor) {
  struct stat locked {
  }, there{};
  return ::fstat(descriptor, &locked) == 0 && ::lstat(file.c_str(), &there) == 0 && locked.st_dev == there.st_dev &&
         locked.st_ino == there.st_ino;
}

}  // namespace

std::optional<FolderLock> FolderLock::try_take(const std::filesystem::path& folder) {
  const auto file = folder.parent_path() / ("." + folder.filename().string() + ".lock");
  for (;;) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (descriptor < 0) return FolderLock({}, -1);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
      const bool taken = errno == EWOULDBLOCK;
      ::close(descriptor);
      if (taken) return std::nullopt;
      ::unlink(file.c_str());
      return FolderLock({}, -1);
    }
    // Who held it before may have removed the file between the two calls above; the lock of a file without a name is
    // none.
    if (leads_to(file, descriptor)) return FolderLock(file, descriptor);
    ::close(descriptor);
  }
}

FolderLock::FolderLock(FolderLock&& other) noexcept
    : file_(std::move(other.file_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

FolderLock::~FolderLock() {
  if (descriptor_ < 0) return;
  ::unlink(file_.c_str());
  // Given back by name: a process forked meanwhile may still hold a copy of the descriptor.
  ::flock(descriptor_, LOCK_UN);
  ::close(descriptor_);
}

}  // namespace bandscope
