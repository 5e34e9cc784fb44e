// SPDX-License-Identifier: Apache-2.0
// The one way to a file that somebody else may have made: regular files only, opened without waiting, and never more
// of them in memory than asked for. A FIFO, socket or device in a file's place would hang a reader or fill its memory.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

namespace bandscope {

/// Owns a file descriptor.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  Descriptor(Descriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~Descriptor();

  explicit operator bool() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }
  /// Gives the descriptor away.
  int release() { return std::exchange(descriptor_, -1); }

 private:
  int descriptor_ = -1;
};

/// A regular file open for reading.
struct InputFile {
  Descriptor descriptor;
  struct stat about {};
  std::uint64_t bytes() const { return static_cast<std::uint64_t>(about.st_size); }
};

/// Opens a regular file (or a link to one) for reading. FileError for a missing file and for
/// anything else, naming what it is ("a FIFO, not a file").
InputFile open_input(const std::filesystem::path& file);

/// False where there is no such file. True also where that cannot be told (a link to itself, a folder that may not be
/// entered): whoever opens it then says why.
bool is_there(const std::filesystem::path& file);

/// Most bytes of a file of settings: model and tokenizer configurations, specs, templates, indexes.
inline constexpr std::uint64_t kMostConfigBytes = 256ULL << 20;

/// All of a regular file. FileError where it cannot be read or is larger than `most_bytes`.
std::string read_file(const std::filesystem::path& file, std::uint64_t most_bytes = kMostConfigBytes);

}  // namespace bandscope
