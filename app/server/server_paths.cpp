// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/server_paths.h"

#include <QDir>
#include <algorithm>

namespace bandscope::app {
namespace {

const QString runs_root = QStringLiteral("runs");

/// As the user wrote it, which may go through links; empty where it is not absolute.
QString address_folder(const ServerAddress& address, const QString& root) {
  QString folder = root == runs_root ? address.runs : QString();
  for (const auto& [kind, folders] : {std::pair{"data/", address.data}, {"models/", address.models}}) {
    bool number = false;
    if (!root.startsWith(QLatin1String(kind))) continue;
    const int index = root.mid(int(qstrlen(kind))).toInt(&number);
    if (number) folder = folders.value(index);
  }
  return folder.startsWith(u'/') ? QDir::cleanPath(folder) : QString();
}

QString hello_folder(const wire::Hello& hello, const QString& root) {
  const auto at = std::ranges::find(hello.roots, root.toStdString());
  const auto index = std::size_t(at - hello.roots.begin());
  if (at == hello.roots.end() || index >= hello.folders.size()) return {};
  const QString folder = QString::fromStdString(hello.folders[index]);
  return folder.startsWith(u'/') ? QDir::cleanPath(folder) : QString();
}

/// What is left of `path` below the folder; nothing where it is not in it.
std::optional<QString> below(const QString& path, const QString& folder) {
  if (folder.isEmpty()) return std::nullopt;
  if (path == folder) return QString();
  const QString front = folder.endsWith(u'/') ? folder : folder + u'/';
  return path.startsWith(front) ? std::optional(path.mid(front.size())) : std::nullopt;
}

}  // namespace

QString root_folder(const ServerLink& server, const QString& root) {
  const QString told = hello_folder(server.hello(), root);
  return told.isEmpty() ? address_folder(server.address(), root) : told;
}

QString spec_path(const ServerLink& server, const RootedPath& place) {
  const QString folder = root_folder(server, place.root);
  if (folder.isEmpty()) return place.root == runs_root ? place.path : QString();
  return place.path.isEmpty() ? folder : QDir::cleanPath(folder + u'/' + place.path);
}

std::optional<RootedPath> rooted_path(const ServerLink& server, const QString& spec_path) {
  if (spec_path.isEmpty()) return std::nullopt;
  const QString path = QDir::cleanPath(spec_path);
  if (!path.startsWith(u'/')) {
    if (path == QLatin1String("..") || path.startsWith(QLatin1String("../"))) return std::nullopt;
    return RootedPath{runs_root, path == QLatin1String(".") ? QString() : path};
  }
  std::optional<RootedPath> found;
  for (const auto& name : server.hello().roots) {
    const QString root = QString::fromStdString(name);
    for (const QString& folder : {hello_folder(server.hello(), root), address_folder(server.address(), root)}) {
      const auto rest = below(path, folder);
      if (rest && (!found || rest->size() < found->path.size())) found = RootedPath{root, *rest};
    }
  }
  return found;
}

QStringList roots_of(const ServerLink& server, const QString& kind) {
  QStringList roots;
  for (const auto& name : server.hello().roots) {
    const QString root = QString::fromStdString(name);
    if (root.startsWith(kind + u'/')) roots << root;
  }
  return roots;
}

}  // namespace bandscope::app
