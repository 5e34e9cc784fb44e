// SPDX-License-Identifier: GPL-3.0-or-later
// The queue: starts runs one after another, so many at once per device, as engines that outlive the window. Which runs
// have ended is told by their processes and records, so a window that is opened again goes on where the last one was.
#pragma once

#include <QObject>
#include <QStringList>
#include <QTimer>
#include <map>
#include <optional>
#include <vector>

#include "app/library/run_entry.h"
#include "app/library/waiting_runs.h"
#include "app/queue/queued_run.h"
#include "core/message/message.h"
#include "core/spec/run_spec.h"

namespace bandscope::app {

class RunQueue : public QObject, public WaitingRuns {
  Q_OBJECT

 public:
  explicit RunQueue(const QString& file, QObject* parent = nullptr);

  const std::vector<QueuedRun>& runs() const { return state_.runs; }
  bool paused() const { return state_.paused; }
  /// How many runs are to start and have not.
  int waiting() const;
  int atOnce(const QString& device) const { return state_.limit(device); }
  /// Devices that runs wait for, and the CPU.
  QStringList devices() const;
  /// Place of a waiting run among those of its device, from 1; 0 when it does not wait.
  int place(const QueuedRun& run) const;
  /// The runs as the library lists them until it has found their records.
  std::vector<RunEntryPtr> entries() const;

  /// Adds every run of a spec file and returns their records.
  /// Both place them behind all others. `start`: each starts when its turn comes, also while the queue is paused.
  /// `wait`: a queue in which nothing runs or waits is not set going by it, it is paused. Throws Error when the spec is
  /// wrong, a run is in the queue already, or the queue cannot be written.
  enum class Placing { start, wait };
  QStringList add(const QString& spec, const QString& runs, Placing placing);
  /// The same of runs that are specs already. One with run.resume goes on in its folder.
  QStringList add(const std::vector<RunSpec>& specs, const QString& runs, Placing placing);
  /// `name`, or the first of name-2, name-3, … under which nothing is in the folder of runs or in `taken`, and
  /// which no run of the queue takes.
  QString freeName(const QString& name, const QString& runs, const QStringList& taken = {}) const;
  /// Ends the engine of a run that has no record yet: the run is failed then, and can be tried again.
  void stopStarting(const QString& id);
  /// The run of the queue with this record; nullptr: none.
  const QueuedRun* find(const QString& record) const;
  /// Whether a run of the queue takes this record's name.
  bool holds(const QString& record) const { return state_.holds(record); }
  /// A paused queue starts nothing, not even what was to start as soon as it can.
  void setPaused(bool paused);
  void setAtOnce(const QString& device, int count);
  /// Starts these at once, whatever else runs.
  void startNow(const QStringList& ids);
  /// Failed ones wait again.
  void tryAgain(const QStringList& ids);
  /// The order of the runs by id; those that are not named keep their order behind.
  void setOrder(const QStringList& ids);
  QStringList order() const;
  /// Takes out runs that wait or have failed; returns them with their places for put().
  std::vector<std::pair<int, QueuedRun>> take(const QStringList& ids);
  void put(const std::vector<std::pair<int, QueuedRun>>& runs);

  std::optional<RunLabels> labels(const QString& record) const override;
  void label(const QString& record, const RunLabels& labels) override;
  void rename(const QString& record, const QString& name,
              const std::function<void(const FoundRecord&)>& renamed) override;
  std::function<void()> remove(const QStringList& records) override;

  /// Milliseconds between looks.
  void setInterval(int ms) { timer_.setInterval(ms); }
  /// Looks after the runs now.
  void tick();

 Q_SIGNALS:
  void changed();
  /// A run's record is there now.
  void appeared(const QString& record);
  /// Something to say to the user: a run that could not be started and why, a queue file that cannot be used.
  void said(const QString& text);

 private:
  /// How long another window's change is waited for when the user waits, in milliseconds.
  static constexpr int patience_ms = 2000;

  void change(const std::function<void(QueueState&)>& change);
  void adopt(QueueState state);
  void settle(QueueState& state);
  void start(QueuedRun& run, const QueueState& state, const QueueStore::Save& save);
  void complain(const Message& text);
  void hand_over_labels(QueuedRun& run);

  QueueStore store_;
  QueueState state_;
  QTimer timer_;
  qint64 file_changed_ = -1;
  Message complaint_;
  QStringList seen_, appeared_, to_say_;
  mutable std::map<QString, RunEntryPtr> described_;  ///< what is read from a spec, by id
};

/// Writes the spec of one run. Throws RunError.
void write_run_spec(const QString& path, const RunSpec& spec);

/// The device that a run's `run.device` means on this machine: "cpu" or "cuda:N".
QString queue_device(const std::string& device);

}  // namespace bandscope::app
