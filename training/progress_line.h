// SPDX-License-Identifier: Apache-2.0
// Progress with ETA on stderr: one line that is rewritten on a terminal, a line every few seconds elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "training/trainer/trainer.h"

namespace bandscope {

class ProgressLine {
 public:
  explicit ProgressLine(std::int64_t runs);
  void show(const trainer::Progress& progress);
  void finish(const trainer::RunResult& result);
  /// Leaves a line that is being rewritten.
  void end();

 private:
  std::int64_t runs_, finished_ = 0;
  bool terminal_, open_ = false;
  std::chrono::steady_clock::time_point last_{};
};

/// "0:07", "12:40", "3:05:00"; "?" when not finite.
std::string clock_text(double seconds);

}  // namespace bandscope
