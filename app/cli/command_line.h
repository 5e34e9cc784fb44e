// SPDX-License-Identifier: GPL-3.0-or-later
// The command line of `bandscope` (specification, section 1). Everything but the window works without a display.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace bandscope::app {

/// What a call without a command asks for: the window, with these records or folders of records.
struct WindowRequest {
  std::vector<std::filesystem::path> paths;
  std::string language;  ///< "" follows the settings, else "en" or "zh_CN"
  std::string theme;     ///< "" follows the settings, else "system", "light" or "dark"
};

/// What parsing a command line led to.
struct CommandLineResult {
  bool open_window = false;  ///< false: everything is done, leave with `exit_code`
  WindowRequest window;
  int exit_code = 0;
};

/// Parses and, for everything but the window, does what is asked. Never throws: errors are one sentence on stderr and
/// an exit code.
CommandLineResult run_command_line(int argc, char** argv);

}  // namespace bandscope::app
