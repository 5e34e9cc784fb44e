// SPDX-License-Identifier: Apache-2.0
// Waiting until a file is replaced, for at most a while.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "core/input/file.h"

namespace bandscope::queue {

/// Of a file that is renamed into place. Where the system tells nothing of it, the while is all.
class FileWatch {
 public:
  explicit FileWatch(const std::filesystem::path& file);
  /// Until the file was replaced since the last call, the time is over, or a signal came.
  void wait(std::chrono::milliseconds most);

 private:
  bool replaced();
  std::string name_;
  Descriptor events_;
};

}  // namespace bandscope::queue
