// SPDX-License-Identifier: Apache-2.0
#include "core/record/file_look.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "core/error.h"
#include "core/record/writer_lock.h"

namespace bandscope::record {

namespace {
class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};
}  // namespace

FileLook look_at(const std::filesystem::path& file) {
  const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (descriptor.get() < 0) throw DataError("cannot read " + file.string() + ": " + std::strerror(errno));
  struct stat about {};
  if (::fstat(descriptor.get(), &about) != 0)
    throw DataError("cannot read " + file.string() + ": " + std::strerror(errno));
  if (!S_ISREG(about.st_mode)) throw DataError("cannot read " + file.string() + ": not a file");
  FileLook look{about.st_dev, about.st_ino, static_cast<std::uint64_t>(about.st_size)};

  // HDF5 file format specification, "Disk Format: Level 0A": signature, version, size of offsets, size of lengths,
  // consistency flags (bit 0: open for writing, bit 2: for SWMR writing), base, extension and end-of-file addresses.
  std::array<unsigned char, 48> head{};
  const auto read = ::pread(descriptor.get(), head.data(), head.size(), 0);
  constexpr std::array<unsigned char, 8> signature = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  look.hdf5 = read >= 8 && std::equal(signature.begin(), signature.end(), head.begin());
  if (look.hdf5 && read == static_cast<ssize_t>(head.size()) && head[8] >= 2 && head[9] == 8) {
    look.flagged = head[8] >= 3 && (head[11] & 0x05) != 0;
    for (int i = 7; i >= 0; --i) look.end = look.end << 8 | head[28 + static_cast<std::size_t>(i)];
  }
  look.writer_alive = WriterLock::held(descriptor.get());
  return look;
}

}  // namespace bandscope::record
