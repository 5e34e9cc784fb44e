// SPDX-License-Identifier: GPL-3.0-or-later
// The runs of one server as the library lists them: what the server says of them, where their copies are, and its
// queue. The last list is kept, so that runs with a copy can be looked at while the server is not reached.
#pragma once

#include <QHash>
#include <QObject>
#include <QThreadPool>
#include <QTimer>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "app/library/run_entry.h"
#include "app/server/server_link.h"
#include "core/queue/queue.h"

namespace bandscope::app {

class ServerRuns : public QObject {
  Q_OBJECT

 public:
  /// `folder`: where the copies of this server's runs and the last list are.
  ServerRuns(ServerLink* link, const QString& folder, QObject* parent = nullptr);
  ~ServerRuns() override;

  std::vector<RunEntryPtr> entries() const;
  ServerLink* link() const { return link_; }
  /// The queue there, as the server last said it; nothing: not known.
  const std::optional<queue::Queue>& queue() const { return queue_; }
  /// The id of a run in that queue; empty: it is not there.
  QString queueId(const QString& run) const;
  /// `name`, or as counted_name() goes on from it: one that no run beside this one has, nor one that waits.
  QString freeName(const RunEntry& beside, const QString& name) const;
  bool holds(const QString& run) const;
  /// Copies of these runs' records are kept the same as the server's, of others no longer.
  void setFollowed(const QStringList& records);
  /// What they tell of their server is what it is called, and whether it is reached, by then.
  void describe();

 Q_SIGNALS:
  /// Runs came, went or are others than they were.
  void changed();
  /// The copy has more rows, or is another one.
  void grown(const QString& record);
  /// Other files have come beside it: all that is read of it is to be read anew.
  void replaced(const QString& record);

 private:
  struct Run {
    wire::Json item;
    RunEntryPtr entry;
    RunConfig config;  ///< of the copy's spec, once it was read
    qint64 copied_at = 0;
    MirrorStanding standing;  ///< as its entry tells it
  };
  void list(const std::vector<wire::Json>& items);
  void take(const std::vector<wire::Json>& items, const QStringList& gone);
  void update(const wire::Json& item);
  Message standingOf(const QString& name, bool copied) const;
  void make(const QString& name, Run& run);
  void takeQueue(const wire::Json& queue);
  void makeQueued();
  void mirrored(const QString& name);
  void readSpec(const QString& name);
  void readKept();
  void keep();

  ServerLink* link_;
  const QString folder_;
  std::map<QString, Run> runs_;
  std::vector<RunEntryPtr> queued_;
  std::optional<queue::Queue> queue_;
  QTimer soon_, keeping_;
  QThreadPool pool_;
};

}  // namespace bandscope::app
