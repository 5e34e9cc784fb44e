// SPDX-License-Identifier: GPL-3.0-or-later
// The window's application: settings, language, look, then the event loop.
#pragma once

#include "app/cli/command_line.h"

namespace bandscope::app {

/// Opens the window and returns the exit code. Without a display: one sentence on stderr and exit code 2.
int run_window(int argc, char** argv, const WindowRequest& request);

}  // namespace bandscope::app
