// SPDX-License-Identifier: GPL-3.0-or-later
// The hosts that a user's configuration of ssh names, to choose from.
#pragma once

#include <QString>
#include <QStringList>

namespace bandscope::app {

/// The names of `Host` lines (no patterns) of `file` and of what it includes, in their order, each once. `home`: what
/// "~" is in it; what is relative in it lies in `.ssh` there. Only regular files are read, and no more of them, of
/// their bytes and of folders than a configuration by hand has. What cannot be read names none.
QStringList ssh_config_hosts(const QString& file, const QString& home);

/// Of ~/.ssh/config.
QStringList ssh_config_hosts();

}  // namespace bandscope::app
