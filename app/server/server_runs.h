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
  /// How many runs are in it: more than it has where a message does not hold them all.
  qulonglong inQueue() const { return in_queue_; }
  /// The id of a run in that queue; empty: it is not there.
  QString queueId(const QString& run) const;
  /// `name`, or as counted_name() goes on from it: one that no run beside this one has, nor one that waits; empty where
  /// there is none.
  QString freeName(const RunEntry& beside, const QString& name) const;
  bool holds(const QString& run) const;
  // What the window has asked the server for shows before the server tells of it by itself.
  /// These labels are asked for: the run has them until labelled() says what became of it.
  void labelling(const QString& run, const RunLabels& labels);
  /// Null: they are what they were.
  void labelled(const QString& run, const wire::Json& labels);
  void renamed(const QString& run, const QString& now);
  void removed(const QString& run);
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
    RunItemPtr item;
    RunEntryPtr entry;
    RunConfig config;  ///< of the copy's spec, once it was read
    qint64 copied_at = 0;
    MirrorStanding standing;  ///< as its entry tells it
    RunLabels asked = {};     ///< last, of …
    int asking = 0;           ///< … so many requests that are not answered
  };
  void list(const std::vector<RunItemPtr>& items);
  void take(const std::vector<RunItemPtr>& items, const QStringList& gone);
  bool hold(Run& run, const RunItemPtr& item);
  void update(const RunItemPtr& item);
  void erase(const QString& name);
  void told();
  Message standingOf(const QString& name, bool copied) const;
  void make(const QString& name, Run& run);
  void dress(const QString& name, Run& run, RunEntry told);
  void takeQueue(const wire::Json& queue);
  void makeQueued();
  void mirrored(const QString& name);
  void readSpec(const QString& name);
  void readKept();
  void keep();
  QString keptFile() const;

  ServerLink* link_;
  const QString folder_;
  std::map<QString, Run> runs_;
  std::size_t bytes_ = 0;  ///< of their items
  bool listed_ = false;    ///< the server has told its runs
  std::vector<RunEntryPtr> queued_;
  std::optional<queue::Queue> queue_;
  qulonglong in_queue_ = 0;
  QTimer soon_, keeping_;
  QThreadPool pool_;
};

}  // namespace bandscope::app
