// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/ssh_command.h"

namespace bandscope::app {
namespace {

QString quoted(const QString& text) {
  QString inner = text;
  inner.replace(u'\'', QStringLiteral("'\\''"));
  return u'\'' + inner + u'\'';
}

/// As a word of a POSIX shell: "~/" keeps its meaning.
QString shell_path(const QString& path) {
  if (path == QLatin1String("~")) return path;
  if (path.startsWith(QLatin1String("~/"))) return QStringLiteral("~/") + quoted(path.mid(2));
  return quoted(path);
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

SshCommand ssh_command(const ServerAddress& server) {
  SshCommand command;
  command.environment = QProcessEnvironment::systemEnvironment();
  command.program = command.environment.value(QStringLiteral("BANDSCOPE_SSH"), QStringLiteral("ssh"));
  command.environment.insert(QStringLiteral("SSH_ASKPASS_REQUIRE"), QStringLiteral("force"));
  command.arguments << QStringLiteral("-T") << QStringLiteral("-o") << QStringLiteral("ServerAliveInterval=15")
                    << QStringLiteral("-o") << QStringLiteral("ServerAliveCountMax=3") << QStringLiteral("-o")
                    << QStringLiteral("ConnectTimeout=20");
  if (server.compress) command.arguments << QStringLiteral("-C");
  command.arguments << QStringLiteral("--") << server.destination << engine_command_line(server);
  return command;
}

}  // namespace bandscope::app
