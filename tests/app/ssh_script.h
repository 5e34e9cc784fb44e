// SPDX-License-Identifier: GPL-3.0-or-later
// Servers, and scripts that tests put in ssh's place.
#pragma once

#include "app/base/server_address.h"
#include "core/serve/protocol.h"
#include "tests/app/launch_samples.h"

namespace bandscope::testing {

/// A server of this ssh destination.
inline app::ServerAddress server_at(const QString& destination) {
  app::ServerAddress server;
  server.id = QStringLiteral("0123456789ab");
  server.name = QStringLiteral("far");
  server.destination = destination;
  return server;
}

/// A program of lines for sh, in place of one that may still be running.
inline void write_script(const QString& path, const QByteArray& lines) {
  QFile::remove(path);
  write_file(path, "#!/bin/sh\n" + lines);
  QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

/// To begin with, where this machine is the server: the command line is the last argument, as of ssh.
inline QByteArray take_command() { return "for last; do :; done\n"; }
inline QByteArray run_command() { return "exec sh -c \"$last\"\n"; }

/// For the hello of a script that answers by itself: "runs","watch",… of every request that there is.
inline QByteArray every_request() {
  QByteArray names;
  for (const auto& request : wire::requests())
    names += (names.isEmpty() ? "\"" : ",\"") + QByteArray(request.name.data(), qsizetype(request.name.size())) + "\"";
  return names;
}

}  // namespace bandscope::testing
