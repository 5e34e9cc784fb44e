// SPDX-License-Identifier: GPL-3.0-or-later
// Servers, and programs in ssh's place, for tests of how ssh is started and what it says.
#pragma once

#include <QFile>

#include "app/base/server_address.h"
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

inline void write_script(const QString& path, const QByteArray& body) {
  QFile::remove(path);
  write_file(path, "#!/bin/sh\n" + body);
  QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

}  // namespace bandscope::testing
