// SPDX-License-Identifier: Apache-2.0
// Event files of TensorBoard: records of length, masked CRC-32C and a protocol buffer `Event`
// (tensorflow/core/util/event.proto, summary.proto), of which scalars are written.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/export/fresh_file.h"

namespace bandscope {

class EventFile {
 public:
  /// Throws RunError, as every function does.
  explicit EventFile(const std::filesystem::path& file);
  /// `wall_time`: seconds since 1970. What is NaN is left out, as there is nothing to draw.
  void add(const std::string& tag, std::int64_t step, double wall_time, double value);
  void finish();

 private:
  void record(std::string_view event);
  FreshFile file_;
  std::string waiting_;
};

}  // namespace bandscope
