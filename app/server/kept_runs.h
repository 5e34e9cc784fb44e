// SPDX-License-Identifier: GPL-3.0-or-later
// The file that has what a server last said of its runs. Reading and writing may take a while: not for the window's
// thread.
#pragma once

#include <vector>

#include "app/server/run_item.h"

namespace bandscope::app {

/// None where there is no such file, or none that can be read.
std::vector<RunItemPtr> read_kept_runs(const QString& file);
/// A hint, so that it is no matter where it cannot be written.
void write_kept_runs(const QString& file, const std::vector<RunItemPtr>& runs);

}  // namespace bandscope::app
