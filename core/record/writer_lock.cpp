// SPDX-License-Identifier: Apache-2.0
#include "core/record/writer_lock.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <utility>

#include "core/error.h"
#include "core/input/system_reason.h"

namespace bandscope {

bool on_network_file_system(const std::filesystem::path& path) {
  // f_type of statfs(2): NFS, SMB (three generations), Lustre, GPFS, AFS, Coda, Ceph, BeeGFS, OrangeFS, 9P, FUSE.
  constexpr std::array<std::uint32_t, 13> network = {0x6969,     0x517B,     0xFF534D42, 0xFE534D42, 0x0BD00BD0,
                                                     0x47504653, 0x5346414F, 0x73757245, 0x00C36400, 0x19830326,
                                                     0x20030528, 0x01021997, 0x65735546};
  struct statfs about {};
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  if (::statfs(path.c_str(), &about) != 0 && ::statfs(folder.c_str(), &about) != 0) return false;
  return std::ranges::find(network, static_cast<std::uint32_t>(about.f_type)) != network.end();
}

namespace record {

namespace {
struct flock lock_byte(short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = off_t{1} << 61;
  lock.l_len = 1;
  return lock;
}
}  // namespace

WriterLock::WriterLock(WriterLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

WriterLock& WriterLock::operator=(WriterLock&& other) noexcept {
  if (this != &other) {
    release();
    descriptor_ = std::exchange(other.descriptor_, -1);
  }
  return *this;
}

WriterLock::~WriterLock() { release(); }

void WriterLock::release() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

WriterLock WriterLock::take(const std::filesystem::path& file) {
  WriterLock lock;
  lock.descriptor_ = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
  if (lock.descriptor_ < 0) throw DataError(Message::tr("cannot open %1 for writing: %2", file, system_reason(errno)));
  auto byte = lock_byte(F_WRLCK);
  if (::fcntl(lock.descriptor_, F_OFD_SETLK, &byte) != 0 && (errno == EAGAIN || errno == EACCES))
    throw DataError(Message::tr("%1 is being written by a running process", file));
  return lock;
}

bool WriterLock::guards(const std::filesystem::path& file) const {
  struct stat mine {
  }, there{};
  return descriptor_ >= 0 && ::fstat(descriptor_, &mine) == 0 && ::stat(file.c_str(), &there) == 0 &&
         mine.st_dev == there.st_dev && mine.st_ino == there.st_ino;
}

std::filesystem::path WriterLock::present_path() const {
  struct stat mine {};
  if (descriptor_ < 0 || ::fstat(descriptor_, &mine) != 0 || mine.st_nlink == 0) return {};
  std::error_code unknown;
  const auto path = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(descriptor_), unknown);
  return guards(path) ? path : std::filesystem::path();
}

bool WriterLock::held(int descriptor) {
  auto byte = lock_byte(F_RDLCK);
  return ::fcntl(descriptor, F_OFD_GETLK, &byte) == 0 && byte.l_type != F_UNLCK;
}

}  // namespace record
}  // namespace bandscope
