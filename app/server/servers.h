// SPDX-License-Identifier: GPL-3.0-or-later
// All servers of the window: one link and one list of runs each.
#pragma once

#include <QObject>
#include <memory>
#include <vector>

#include "app/server/server_runs.h"

namespace bandscope::app {

class Servers : public QObject {
  Q_OBJECT

 public:
  /// Copies of records are kept below `cache`.
  explicit Servers(const QString& cache, QObject* parent = nullptr);
  ~Servers() override;

  /// Connects to those that are new, lets go of those that are not there any more; what is said differently of one is
  /// said to it anew. A server that differs in its name only stays connected.
  void setAddresses(const QList<ServerAddress>& addresses);
  std::vector<ServerLink*> links() const;
  ServerLink* link(const QString& id) const;
  ServerRuns* runs(const QString& id) const;
  /// As the user calls it; empty for an unknown one.
  QString name(const QString& id) const;
  /// What ssh, or the engine, last said of a connection that is not there, as a sentence; empty while it is.
  QString problem(const QString& id) const;

  std::vector<RunEntryPtr> entries() const;
  /// These copies are shown: they follow their runs.
  void setShown(const QStringList& records);

 Q_SIGNALS:
  /// Servers came, went or have another state.
  void changed();
  void runsChanged();
  /// A copy has more rows.
  void grown(const QString& record);
  /// Files beside it have come.
  void replaced(const QString& record);

 private:
  struct One {
    std::unique_ptr<ServerLink> link;
    std::unique_ptr<ServerRuns> runs;  ///< goes first
  };
  const One* find(const QString& id) const;
  /// Lets go of all that are in it, side by side.
  static void end(std::vector<One>& gone);

  const QString cache_;
  std::vector<One> all_;
  QStringList shown_;
};

/// The folder for copies of records: `bandscope/servers` in the user's cache.
QString servers_cache();

}  // namespace bandscope::app
