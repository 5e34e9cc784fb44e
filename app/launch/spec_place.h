// SPDX-License-Identifier: GPL-3.0-or-later
// The machine that a spec is for, whose paths and devices it names.
#pragma once

#include <QPointer>
#include <QString>

#include "app/server/server_link.h"

namespace bandscope::app {

struct SpecPlace {
  QString id;                   ///< of a server; empty: this machine
  QPointer<ServerLink> server;  ///< null: this machine, or a server that is not known yet
  bool elsewhere() const { return !id.isEmpty(); }
  /// The server where it can be asked; null otherwise.
  ServerLink* reached() const { return server && server->ready() ? server.data() : nullptr; }
  QString name() const { return server ? server->address().name : QString(); }
};

}  // namespace bandscope::app
