// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/recent_paths.h"

#include <QDir>
#include <QFileInfo>
#include <QSettings>

#include "app/base/preferences.h"
#include "core/cache_folder.h"

namespace bandscope::app {
namespace {

constexpr int most = 10;

QString settings_key(PathKind kind) {
  switch (kind) {
    case PathKind::model:
      return QStringLiteral("recent-models");
    case PathKind::tasks:
      return QStringLiteral("recent-tasks");
    case PathKind::benchmarks:
      return QStringLiteral("recent-benchmarks");
    case PathKind::data:
      break;
  }
  return QStringLiteral("recent-data");
}

QString settings_key(PathKind kind, const QString& server) {
  return server.isEmpty() ? settings_key(kind) : QStringLiteral("server-%1/").arg(server) + settings_key(kind);
}

bool is_model(const QDir& folder) { return folder.exists(QStringLiteral("config.json")); }

}  // namespace

QStringList recent_paths(PathKind kind, const QString& server) {
  QStringList there;
  for (const auto& path : QSettings().value(settings_key(kind, server)).toStringList()) {
    if (!server.isEmpty() || QFileInfo::exists(path)) there << path;
  }
  return there;
}

void remember_path(PathKind kind, const QString& path, const QString& server) {
  if (path.isEmpty()) return;
  QSettings settings;
  auto paths = settings.value(settings_key(kind, server)).toStringList();
  paths.removeAll(path);
  paths.prepend(path);
  settings.setValue(settings_key(kind, server), paths.mid(0, most));
}

QStringList cached_models() {
  const QString home = QString::fromStdString(cache_home().string());
  QStringList models, folders{home + QStringLiteral("/bandscope/models")};
  if (const QString named = kept_models(); !named.isEmpty()) folders.prepend(named);
  folders.removeDuplicates();
  for (const auto& folder : folders) {
    const QDir own(folder);
    for (const auto& name : own.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
      if (is_model(QDir(own.filePath(name)))) models << own.filePath(name);
    }
  }
  const QString named = qEnvironmentVariable("HF_HOME");
  const QDir hub((named.isEmpty() ? home + QStringLiteral("/huggingface") : named) + QStringLiteral("/hub"));
  for (const auto& name : hub.entryList({QStringLiteral("models--*")}, QDir::Dirs)) {
    const QDir snapshots(hub.filePath(name + QStringLiteral("/snapshots")));
    // The newest snapshot of each model.
    for (const auto& snapshot : snapshots.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Time)) {
      if (!is_model(QDir(snapshots.filePath(snapshot)))) continue;
      models << snapshots.filePath(snapshot);
      break;
    }
  }
  return models;
}

QString starting_folder(PathKind kind) {
  const QString named = kind == PathKind::model ? kept_models() : kind == PathKind::data ? kept_data() : QString();
  if (QFileInfo(named).isDir()) return named;
  const QString last = recent_paths(kind).value(0);
  return last.isEmpty() ? QString() : QFileInfo(last).absolutePath();
}

QString path_title(const QString& path) {
  const QFileInfo info(path);
  QString name = info.fileName(), folder = info.absolutePath();
  // models--ORG--NAME/snapshots/HASH
  if (const auto at = path.indexOf(QLatin1String("/models--")); at >= 0) {
    name = path.mid(at + 9).section(QLatin1Char('/'), 0, 0).replace(QStringLiteral("--"), QStringLiteral("/"));
    folder = path.left(at);
  }
  const QString home = QDir::homePath();
  if (folder == home || folder.startsWith(home + QLatin1Char('/'))) folder = QLatin1Char('~') + folder.mid(home.size());
  return QStringLiteral("%1 — %2").arg(name, folder);
}

}  // namespace bandscope::app
