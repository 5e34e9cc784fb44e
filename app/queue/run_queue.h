// SPDX-License-Identifier: GPL-3.0-or-later
// The queue, as a window sees and changes it. Runs are started by a process of its own (queue_keeper.h), so many at
// once per device; what became of them is read from the queue's file.
#pragma once

#include <QObject>
#include <QStringList>
#include <QTimer>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "app/library/run_entry.h"
#include "app/library/waiting_runs.h"
#include "app/queue/queue_keeper.h"
#include "app/queue/queued_run.h"
#include "core/message/message.h"
#include "core/queue/queue_file.h"
#include "core/spec/run_spec.h"

namespace bandscope::app {

class RunQueue : public QObject, public WaitingRuns {
  Q_OBJECT

 public:
  explicit RunQueue(const QString& file, QObject* parent = nullptr);

  const std::vector<QueuedRun>& runs() const { return runs_; }
  /// An empty queue has nothing to pause.
  bool paused() const { return state_.paused && !runs_.empty(); }
  /// How many runs are to start and have not.
  int waiting() const;
  int atOnce(const QString& device) const { return state_.limit(device.toStdString()); }
  /// Devices that runs wait for, and the CPU.
  QStringList devices() const;
  /// Place of a waiting run among those of its device, from 1; 0 when it does not wait.
  int place(const QueuedRun& run) const;
  /// The runs as the library lists them until it has found their records.
  std::vector<RunEntryPtr> entries() const;
  /// What keeps waiting runs from being started, as a missing engine does; empty: nothing.
  const Message& trouble() const { return trouble_; }

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
  bool holds(const QString& record) const { return state_.holds(record.toStdString()); }
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
  queue::Taken take(const QStringList& ids);
  void put(const queue::Taken& runs);
  /// What waits is started by the engine that the settings name.
  void useEngine();

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
  /// How long another program's change is waited for when the user waits.
  static constexpr std::chrono::milliseconds patience{2000};
  using Change = std::function<void(queue::Queue&)>;

  /// Makes a change and shows what is in the file then; `made` is called in between. `edit` says what is wrong,
  /// `change` throws Error.
  void change(const Change& change, const std::function<void()>& made = {});
  void edit(const Change& change);
  /// The run of this record, which is still to be started. Throws RunError.
  static queue::QueuedRun& waitingRun(queue::Queue& state, const QString& record);
  void adopt(queue::Queue state);
  void announce(const std::vector<QueuedRun>& before);
  void keep();
  void complain(const Message& text);

  queue::QueueFile file_;
  QueueKeeper keeper_;
  queue::Queue state_;
  std::vector<QueuedRun> runs_;  ///< of state_
  QTimer timer_;
  bool read_ = false;  ///< the file was looked at
  queue::QueueFile::Stamp stamp_;
  Message trouble_, complaint_;
  std::set<QString> seen_;                            ///< ids of runs whose record is there
  mutable std::map<QString, RunEntryPtr> described_;  ///< what is read from a spec, by id
};

/// The device that a run's `run.device` means on this machine: "cpu" or "cuda:N".
std::string queue_device(const std::string& device);

}  // namespace bandscope::app
