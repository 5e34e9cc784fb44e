// SPDX-License-Identifier: GPL-3.0-or-later
// What is started to speak with a server: ssh, with its own configuration, agent, keys and questions.
#pragma once

#include <QProcess>
#include <QProcessEnvironment>
#include <QString>
#include <QStringList>
#include <memory>

#include "app/base/server_address.h"

namespace bandscope::app {

struct SshCommand {
  QString program;
  QStringList arguments;
  QProcessEnvironment environment;
  /// Whether there is a program that asks for ssh in a window. Without one ssh asks nothing: logins that need a
  /// passphrase, a password or a yes to an unknown host fail.
  bool asks = false;
};

struct SshManner {
  bool may_ask = true;       ///< otherwise a login that needs an answer fails at once: for tries that nobody waits for
  bool tells_login = false;  ///< it says "Authenticated to …" on its standard error once it is in
};

/// `$BANDSCOPE_SSH`, or ssh, that runs `bandscope-engine serve --stdio` there. It asks for passphrases and about
/// unknown hosts in a window of its own (ssh's askpass), never at a terminal.
SshCommand ssh_command(const ServerAddress& server, SshManner manner = {});

/// The command line of the engine there, for the login shell (sh, bash, zsh, fish, csh): every argument quoted, "~/" or
/// "~user/" at its beginning left to it.
QString engine_command_line(const ServerAddress& server);

/// The program that asks for ssh: `$SSH_ASKPASS`, or one that is installed; empty where there is none.
QString askpass_program(const QProcessEnvironment& environment);

/// In a session of its own, so that no version of ssh finds the window's terminal.
void start_ssh(QProcess& ssh, const SshCommand& command);

/// Sends a signal to ssh and to what it has started, as the window in which it asks.
void signal_ssh(QProcess& ssh, int signal);

/// Ends ssh without waiting for it: closes its input, and after a moment, or at once where it is not `gently`, ends it.
/// Signals of `ssh` reach nobody any more. In the window's thread.
void end_ssh(std::unique_ptr<QProcess> ssh, bool gently);

}  // namespace bandscope::app
