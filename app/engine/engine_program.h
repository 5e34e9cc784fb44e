// SPDX-License-Identifier: GPL-3.0-or-later
// Where the engine is.
#pragma once

#include <filesystem>

namespace bandscope::app {

/// `bandscope-engine` beside this program, else $BANDSCOPE_ENGINE when set (it wins), else the first on PATH.
/// Throws RunError naming the places looked at.
std::filesystem::path engine_program();

/// Whether that engine was built for NVIDIA GPUs; false when there is no engine.
bool engine_has_cuda();

}  // namespace bandscope::app
