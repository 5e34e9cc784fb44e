// SPDX-License-Identifier: Apache-2.0
// The run's log file: whatever is logged while this object lives also goes into RUN/log.txt.
#pragma once

#include <spdlog/common.h>
#include <spdlog/formatter.h>

#include <filesystem>
#include <memory>
#include <string>

namespace bandscope::trainer {

/// A format of log lines as spdlog has them, with %* for the message on one line: names in it come out of files, and a
/// line of a log is one message.
std::unique_ptr<spdlog::formatter> log_format(const std::string& pattern);

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

}  // namespace bandscope::trainer
