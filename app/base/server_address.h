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
  bool compress = true;  ///< ssh -C: a quarter of what a live run costs is the text that its numbers are sent as
  bool operator==(const ServerAddress&) const = default;
};

/// A new id: letters and digits only.
QString new_server_id();

inline constexpr int longest_server_text = 4096;
inline constexpr int most_server_folders = 100;

/// Those that have an id of its own form, a name and a destination that ssh can be given; others are left out, as are
/// repeated ids. Of the rest, what makes no sense has its usual value.
QList<ServerAddress> read_servers(QSettings& settings);
/// Leaves what says the same already.
void write_servers(QSettings& settings, const QList<ServerAddress>& servers);

/// Whether ssh can be given this: not empty, no option ("-…", "user@-…"), no blank, no control character and nothing
/// that a shell would read otherwise.
bool is_destination(const QString& destination);
/// Whether it can be a program or folder there: one line.
bool is_server_path(const QString& path);

}  // namespace bandscope::app
