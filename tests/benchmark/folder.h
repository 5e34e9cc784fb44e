// SPDX-License-Identifier: Apache-2.0
// A folder for a benchmark's models and tasks that goes with its owner.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

#include "core/error.h"

namespace bandscope::benchmark {

class Folder {
 public:
  Folder() {
    std::string path = (std::filesystem::temp_directory_path() / "bandscope-benchmark-XXXXXX").string();
    if (!::mkdtemp(path.data())) throw RunError(Message::plain(path + ": cannot be made"));
    path_ = path;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace bandscope::benchmark
