// SPDX-License-Identifier: GPL-3.0-or-later
// A machine with runs that ssh reaches, as the user describes it, and where such descriptions are kept.
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

class QSettings;

namespace bandscope::app {

struct ServerAddress {
  QString id;                                           ///< names what is kept of it here; never changes
  QString name;                                         ///< as shown
  QString destination;                                  ///< ssh's: a name of ~/.ssh/config, host, or user@host
  QString engine = QStringLiteral("bandscope-engine");  ///< the program there: on its PATH, or a path
  QString runs;                                         ///< folder of runs there; empty: the engine's usual one
  QStringList data, models;                             ///< folders there that pickers may look into
  bool slurm = false;                                   ///< runs are jobs of Slurm
  bool compress = false;                                ///< ssh -C
  bool operator==(const ServerAddress&) const = default;
};

/// A new id: letters and digits only.
QString new_server_id();

/// Those that have an id of its own form, a name and a destination that ssh would not take for an option; others are
/// left out, as are repeated ids.
QList<ServerAddress> read_servers(QSettings& settings);
void write_servers(QSettings& settings, const QList<ServerAddress>& servers);

/// Why ssh cannot be given this destination, as a word for who tests it: empty, begins with "-", or has a control
/// character or a blank.
bool is_destination(const QString& destination);

}  // namespace bandscope::app
