// SPDX-License-Identifier: GPL-3.0-or-later
// What is started to speak with a server: ssh, with its own configuration, agent, keys and questions.
#pragma once

#include <QProcessEnvironment>
#include <QString>
#include <QStringList>

#include "app/base/server_address.h"

namespace bandscope::app {

struct SshCommand {
  QString program;
  QStringList arguments;
  QProcessEnvironment environment;
};

/// `$BANDSCOPE_SSH`, or ssh, that runs `bandscope-engine serve --stdio` there. It asks for passphrases and about
/// unknown hosts in a window of its own (ssh's askpass), never at a terminal.
SshCommand ssh_command(const ServerAddress& server);

/// The command line of the engine there, for the login shell: every argument quoted, "~/" at its beginning left to it.
QString engine_command_line(const ServerAddress& server);

}  // namespace bandscope::app
