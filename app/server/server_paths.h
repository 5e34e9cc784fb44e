// SPDX-License-Identifier: GPL-3.0-or-later
// Paths of a server as a spec names them, and as messages do: a root of the hello and a path below it.
#pragma once

#include <QString>
#include <QStringList>
#include <optional>

#include "app/server/server_link.h"

namespace bandscope::app {

struct RootedPath {
  QString root;  ///< "runs", "data/0", "models/0", …
  QString path;  ///< below it; empty: the root itself
  bool operator==(const RootedPath&) const = default;
};

/// Where a root lies there; empty where neither the server nor its address says it.
QString root_folder(const ServerLink& server, const QString& root);
/// What a spec calls it: an absolute path, or one relative to the folder of runs. Empty where that is not known.
QString spec_path(const ServerLink& server, const RootedPath& place);
/// The other way, of the innermost root; nothing where the path is in none of them.
std::optional<RootedPath> rooted_path(const ServerLink& server, const QString& spec_path);

/// Roots of a kind ("data", "models"), in the server's order.
QStringList roots_of(const ServerLink& server, const QString& kind);

}  // namespace bandscope::app
