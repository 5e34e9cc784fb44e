// SPDX-License-Identifier: Apache-2.0
// The run's log file: whatever is logged while this object lives also goes into RUN/log.txt.
#pragma once

#include <spdlog/common.h>

#include <filesystem>

namespace bandscope {

class RunLog {
 public:
  /// Throws RunError when the file cannot be written.
  explicit RunLog(const std::filesystem::path& file);
  ~RunLog();
  RunLog(const RunLog&) = delete;
  RunLog& operator=(const RunLog&) = delete;

 private:
  spdlog::sink_ptr sink_;
};

}  // namespace bandscope
