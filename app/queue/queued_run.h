// SPDX-License-Identifier: GPL-3.0-or-later
// What waits to be trained, and the file it is kept in, so that it outlives the window and several windows share it.
#pragma once

#include <QString>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "app/library/run_labels.h"
#include "core/error.h"
#include "core/message/message.h"

namespace bandscope::app {

struct QueuedRun {
  enum class State { waiting, starting, running, failed };

  QString id;
  QString name;    ///< of the run and its folder
  QString runs;    ///< folder of runs, absolute
  QString spec;    ///< resolved spec of this one run, absolute
  QString device;  ///< "cpu", "cuda:0": runs of one device wait for each other
  State state = State::waiting;
  bool resumes = false;  ///< its record is there: it goes on from its last checkpoint
  bool stop = false;     ///< the engine was told to end before there was a record
  bool asked = false;    ///< to be started as soon as its device has room, whether the queue is paused or not
  qint64 pid = 0;        ///< of the engine, once it is started
  qint64 ticks = 0;      ///< its start time, so that another process with this pid is not taken for it
  qint64 started = 0;    ///< ms since 1970
  qint64 before = 0;     ///< when the record was last changed before that, ms since 1970; 0: there was none
  QString log;           ///< the engine's output
  Message reason;        ///< why it failed
  RunLabels labels;      ///< the user's, until the run has a folder to keep them
  bool operator==(const QueuedRun&) const = default;

  QString record() const;
  bool active() const { return state == State::starting || state == State::running; }
};

struct QueueState {
  bool paused = false;
  std::map<QString, int> at_once;  ///< runs at once by device; one where it is not said
  std::vector<QueuedRun> runs;     ///< in the order in which they are to start
  bool operator==(const QueueState&) const = default;

  int limit(const QString& device) const;
  int active(const QString& device) const;
  QueuedRun* find(const QString& id);
  /// Whether a run with this record takes its name: one that failed gives way to another try.
  bool holds(const QString& record) const;
  /// Before something is appended: where nothing runs or waits the queue is not running, and appending does not set it
  /// going.
  void hold();
  /// Puts runs that were taken out back in their places; those that are here again are left alone.
  void put(const std::vector<std::pair<int, QueuedRun>>& taken);
  /// Afterwards: an empty queue has nothing to pause.
  void rest();
};

/// Another window keeps the queue's lock.
struct QueueBusy : RunError {
  using RunError::RunError;
};

/// The queue's file. Every change is made with its lock held, on what the file says then, and written whole or not at
/// all.
class QueueStore {
 public:
  explicit QueueStore(QString file) : file_(std::move(file)) {}
  const QString& file() const { return file_; }

  /// What the file says; an empty queue when there is none. Throws RunError.
  QueueState load() const;
  /// `change` may save in between through the function it is given. Throws QueueBusy when another window keeps the lock
  /// for longer than `patience` ms, RunError when the file cannot be understood or cannot be written.
  using Save = std::function<void(const QueueState&)>;
  QueueState change(int patience, const std::function<void(QueueState&, const Save&)>& change) const;
  /// Puts a file that cannot be understood aside; returns where it lies now.
  QString set_aside() const;

 private:
  void save(const QueueState& state) const;
  QString file_;
};

/// `queue.json` in the application's data folder.
QString queue_file();

}  // namespace bandscope::app
