// SPDX-License-Identifier: Apache-2.0
// A process that outlives whoever started it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace bandscope {

struct DetachedProgram {
  std::filesystem::path program;       ///< a path
  std::vector<std::string> arguments;  ///< from its name on
  std::filesystem::path log;           ///< its output is appended to it
  /// Variables beside, or in place of, those of the environment.
  std::vector<std::pair<std::string, std::string>> environment;
};
/// Starts it as the leader of a session of its own, with nothing open but its log, deaf to SIGHUP. Returns its process.
/// Throws RunError with the system's reason.
std::int64_t start_detached(const DetachedProgram& started);

}  // namespace bandscope
