// SPDX-License-Identifier: Apache-2.0
// Bytes of a plain or gzip-compressed file, or of a text in memory, read forward in blocks.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bandscope::data {

class ByteSource {
 public:
  virtual ~ByteSource() = default;

  /// The next byte, or −1 at the end.
  int get() {
    if (at_ == block_.size() && !refill()) return -1;
    return static_cast<unsigned char>(block_[at_++]);
  }
  /// The next byte without taking it, or −1 at the end.
  int peek() {
    if (at_ == block_.size() && !refill()) return -1;
    return static_cast<unsigned char>(block_[at_]);
  }
  /// Reads up to and without the next line feed. False at the end of the bytes. A line longer than `most` is taken
  /// whole but not kept: `too_long` tells.
  bool line(std::string& out, std::size_t most, bool& too_long);

 protected:
  /// The next bytes, valid until the next call; empty at the end. Throws DataError.
  virtual std::string_view next_block() = 0;

 private:
  bool refill();
  std::string_view block_;
  std::size_t at_ = 0;
};

/// Decompresses when the name ends in .gz. Throws DataError when the file cannot be read.
std::unique_ptr<ByteSource> open_bytes(const std::filesystem::path& file);

std::unique_ptr<ByteSource> bytes_of_text(std::string_view text);

}  // namespace bandscope::data
