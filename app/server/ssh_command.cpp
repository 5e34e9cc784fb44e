// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/ssh_command.h"

#include <signal.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QFileInfo>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QThread>
#include <QTimer>
#include <algorithm>

namespace bandscope::app {
namespace {

constexpr int ssh_farewell_ms = 2000;

/// Characters that no shell reads otherwise, wherever they stand. ("=ls" is a path in zsh.)
bool is_safe(QChar c) {
  return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') ||
         QStringLiteral("_./,:+@%-").contains(c);
}

/// As one word of sh, bash, zsh, fish and csh alike: within single quotes fish reads backslashes and csh "!", so these
/// stand outside of them.
QString quoted(const QString& text) {
  QString word, run;
  const auto flush = [&] {
    const bool plain = std::all_of(run.begin(), run.end(), is_safe);
    word += plain ? run : u'\'' + run + u'\'';
    run.clear();
  };
  for (const QChar c : text) {
    if (c == u'\'' || c == u'\\' || c == u'!') {
      flush();
      word += QLatin1Char('\\');
      word += c;
    } else {
      run += c;
    }
  }
  flush();
  return word.isEmpty() ? QStringLiteral("''") : word;
}

/// "~/" and "~user/" keep their meaning; what begins with "-" is no option.
QString shell_path(const QString& path) {
  static const QRegularExpression home(QStringLiteral("^~([A-Za-z_][A-Za-z0-9_.-]*)?(/|$)"));
  const auto match = home.match(path);
  if (match.hasMatch()) {
    const QString rest = path.mid(match.capturedLength());
    return match.captured() + (rest.isEmpty() ? QString() : quoted(rest));
  }
  return path.startsWith(u'-') ? quoted(QStringLiteral("./") + path) : quoted(path);
}

bool is_program(const QString& path) {
  const QFileInfo file(path);
  return file.isFile() && file.isExecutable();
}

}  // namespace

QString engine_command_line(const ServerAddress& server) {
  QString line = QStringLiteral("exec ") + shell_path(server.engine) + QStringLiteral(" serve --stdio");
  if (!server.runs.isEmpty()) line += QStringLiteral(" --runs ") + shell_path(server.runs);
  for (const auto& folder : server.data) line += QStringLiteral(" --data ") + shell_path(folder);
  for (const auto& folder : server.models) line += QStringLiteral(" --models ") + shell_path(folder);
  if (server.slurm) line += QStringLiteral(" --slurm");
  return line;
}

QString askpass_program(const QProcessEnvironment& environment) {
  const QString named = environment.value(QStringLiteral("SSH_ASKPASS"));
  if (!named.isEmpty()) return is_program(named) ? named : QString();
  // Where the systems' own ssh looks for it, and where their packages put others.
  for (const char* path :
       {"/usr/bin/ssh-askpass", "/usr/libexec/openssh/ssh-askpass", "/usr/lib/ssh/ssh-askpass",
        "/usr/libexec/ssh-askpass", "/usr/lib/openssh/gnome-ssh-askpass", "/usr/libexec/openssh/gnome-ssh-askpass",
        "/usr/lib/ssh/x11-ssh-askpass", "/usr/libexec/seahorse/ssh-askpass", "/usr/lib/seahorse/ssh-askpass"}) {
    if (is_program(QLatin1String(path))) return QLatin1String(path);
  }
  const auto folders = environment.value(QStringLiteral("PATH")).split(u':', Qt::SkipEmptyParts);
  for (const char* name : {"ssh-askpass", "ksshaskpass", "lxqt-openssh-askpass", "ssh-askpass-gnome",
                           "gnome-ssh-askpass", "x11-ssh-askpass"}) {
    const QString found = QStandardPaths::findExecutable(QLatin1String(name), folders);
    if (!found.isEmpty()) return found;
  }
  return {};
}

SshCommand ssh_command(const ServerAddress& server, SshManner manner) {
  SshCommand command;
  command.environment = QProcessEnvironment::systemEnvironment();
  command.program = command.environment.value(QStringLiteral("BANDSCOPE_SSH"));
  if (command.program.isEmpty()) command.program = QStringLiteral("ssh");
  command.environment.insert(QStringLiteral("SSH_ASKPASS_REQUIRE"), QStringLiteral("force"));
  if (const QString askpass = askpass_program(command.environment); !askpass.isEmpty()) {
    command.asks = true;
    command.environment.insert(QStringLiteral("SSH_ASKPASS"), askpass);
  }
  const auto set = [&](const char* option) { command.arguments << QStringLiteral("-o") << QLatin1String(option); };
  command.arguments << QStringLiteral("-T") << QStringLiteral("-a") << QStringLiteral("-x");
  set("ServerAliveInterval=15");
  set("ServerAliveCountMax=3");
  set("ConnectTimeout=20");
  // What the configuration of this host says for terminals: a port that is taken must not end this connection. Sharing
  // one (ControlMaster) is left to it.
  set("ClearAllForwardings=yes");
  set("RemoteCommand=none");
  set(manner.tells_login ? "LogLevel=VERBOSE" : "LogLevel=INFO");
  if (!manner.may_ask) set("BatchMode=yes");
  if (server.compress) command.arguments << QStringLiteral("-C");
  command.arguments << QStringLiteral("--") << server.destination << engine_command_line(server);
  return command;
}

void start_ssh(QProcess& ssh, const SshCommand& command) {
  ssh.setProcessEnvironment(command.environment);
  ssh.setChildProcessModifier([] { ::setsid(); });
  ssh.start(command.program, command.arguments);
}

void signal_ssh(QProcess& ssh, int signal) {
  // A shared connection's master has left the session and stays.
  const auto id = static_cast<pid_t>(ssh.processId());
  if (id > 0 && ::kill(-id, signal) != 0) ::kill(id, signal);
}

void end_ssh(std::unique_ptr<QProcess> ssh, bool gently) {
  if (!ssh) return;
  QProcess* process = ssh.release();
  process->disconnect();
  if (process->state() == QProcess::NotRunning) {
    process->deleteLater();
    return;
  }
  // At the window's own end it goes with it.
  process->setParent(QCoreApplication::instance());
  QObject::connect(process, &QProcess::finished, process, &QObject::deleteLater);
  QObject::connect(process, &QProcess::errorOccurred, process, [process](QProcess::ProcessError error) {
    if (error == QProcess::FailedToStart) process->deleteLater();
  });
  process->closeReadChannel(QProcess::StandardOutput);
  process->closeReadChannel(QProcess::StandardError);
  process->closeWriteChannel();
  const int first = gently ? ssh_farewell_ms : 0;
  QTimer::singleShot(first, process, [process] { signal_ssh(*process, SIGTERM); });
  QTimer::singleShot(first + ssh_farewell_ms, process, [process] { signal_ssh(*process, SIGKILL); });
}

}  // namespace bandscope::app
