// SPDX-License-Identifier: GPL-3.0-or-later
// What Qt says of the environment is no message of ours.
#pragma once

namespace bandscope::app {

/// Drops Qt's remark that XDG_RUNTIME_DIR is not set, as on servers and in containers; other messages go to stderr.
void quiet_qt();

}  // namespace bandscope::app
