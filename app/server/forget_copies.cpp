// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/forget_copies.h"

#include <QDir>
#include <QRegularExpression>
#include <algorithm>

namespace bandscope::app {

void forget_copies(const QString& cache, const QList<ServerAddress>& kept) {
  static const QRegularExpression id(QStringLiteral("^[0-9a-f]{12}$"));  // as new_server_id() makes them
  const QDir folder(cache);
  for (const QFileInfo& one : folder.entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot | QDir::NoSymLinks)) {
    const QString name = one.fileName();
    const bool listed =
        std::any_of(kept.begin(), kept.end(), [&](const ServerAddress& server) { return server.id == name; });
    if (!listed && id.match(name).hasMatch()) QDir(one.filePath()).removeRecursively();
  }
}

}  // namespace bandscope::app
