// SPDX-License-Identifier: Apache-2.0
// What another program of this machine prints, within a time and a size: one that hangs or never ends its output keeps
// nobody waiting.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bandscope {

struct ProgramOutput {
  std::optional<int> code;  ///< exit code, 128 + N after signal N; nothing where it was killed since its time was over
  std::string out, error;   ///< the beginning of each
  bool whole = true;        ///< false where there was more of one of them
};

struct ProgramLimits {
  std::chrono::milliseconds time;
  std::size_t bytes;  ///< of each stream
};

/// Runs command[0], looked for in PATH, without input and with these variables in place of those of the environment.
/// What it starts itself is a process group with it, and is killed with it. Throws RunError where it cannot be started.
ProgramOutput program_output(const std::vector<std::string>& command, const ProgramLimits& limits,
                             const std::vector<std::pair<std::string, std::string>>& variables = {});

}  // namespace bandscope
