// SPDX-License-Identifier: GPL-3.0-or-later
// Where the engine is.
#pragma once

#include <filesystem>

namespace bandscope::app {

/// $BANDSCOPE_ENGINE when set, else the one that the settings name, else `bandscope-engine` beside this program, else
/// the first on PATH. Throws RunError naming the places looked at.
std::filesystem::path engine_program();

/// The same with `chosen` in place of what the settings name; empty: none.
std::filesystem::path engine_program_for(const std::filesystem::path& chosen);

/// `file`, if it can be run; throws RunError where not.
std::filesystem::path engine_program_at(const std::filesystem::path& file);

/// Whether that engine was built for NVIDIA GPUs; false when there is no engine.
bool engine_has_cuda();
bool engine_has_cuda(const std::filesystem::path& program);

}  // namespace bandscope::app
