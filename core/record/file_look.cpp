// SPDX-License-Identifier: Apache-2.0
#include "core/record/file_look.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "core/input/file.h"
#include "core/record/writer_lock.h"

namespace bandscope::record {

namespace {

/// What a file holds for certain. A sparse one can pretend to any size; how much of it is on disk is believed where the
/// size is large, and with a margin, since file systems compress and write late.
std::uint64_t held_bytes(const struct stat& about) {
  constexpr std::uint64_t believed = 256ULL << 20, margin = 8, block = 512;
  const auto on_disk = static_cast<std::uint64_t>(about.st_blocks) * block;
  return std::min<std::uint64_t>(static_cast<std::uint64_t>(about.st_size), std::max(believed, margin * on_disk));
}

std::int64_t born(int descriptor) {
  struct statx about {};
  if (::statx(descriptor, "", AT_EMPTY_PATH, STATX_BTIME, &about) != 0 || (about.stx_mask & STATX_BTIME) == 0) return 0;
  constexpr std::int64_t nanoseconds = 1'000'000'000;
  return about.stx_btime.tv_sec * nanoseconds + about.stx_btime.tv_nsec;
}

}  // namespace

FileLook look_at(const std::filesystem::path& file) {
  const InputFile input = open_input(file);
  const struct stat& about = input.about;
  FileLook look{about.st_dev, about.st_ino, input.bytes(), held_bytes(about)};

  // HDF5 file format specification, "Disk Format: Level 0A": signature, version, size of offsets, size of lengths,
  // consistency flags (bit 0: open for writing, bit 2: for SWMR writing), base, extension and end-of-file addresses.
  std::array<unsigned char, 48> head{};
  const auto read = ::pread(input.descriptor.get(), head.data(), head.size(), 0);
  constexpr std::array<unsigned char, 8> signature = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  look.hdf5 = read >= 8 && std::equal(signature.begin(), signature.end(), head.begin());
  if (look.hdf5 && read == static_cast<ssize_t>(head.size()) && head[8] >= 2 && head[9] == 8) {
    look.flagged = head[8] >= 3 && (head[11] & 0x05) != 0;
    for (int i = 7; i >= 0; --i) look.end = look.end << 8 | head[28 + static_cast<std::size_t>(i)];
  }
  look.writer_alive = WriterLock::held(input.descriptor.get());
  look.born = born(input.descriptor.get());
  return look;
}

}  // namespace bandscope::record
