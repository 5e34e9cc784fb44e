// SPDX-License-Identifier: GPL-3.0-or-later
// A run of the queue (core/queue/queue.h) as the window shows it.
#pragma once

#include <QString>

#include "app/library/run_labels.h"
#include "core/message/message.h"
#include "core/queue/queue.h"

namespace bandscope::app {

struct QueuedRun {
  using State = queue::QueuedRun::State;

  QString id;
  QString name;    ///< of the run and its folder
  QString runs;    ///< folder of runs, absolute
  QString spec;    ///< resolved spec of this one run, absolute
  QString device;  ///< "cpu", "cuda:0": runs of one device wait for each other
  State state = State::waiting;
  bool resumes = false;  ///< its record is there: it goes on from its last checkpoint
  bool stop = false;     ///< its engine is to end before there is a record
  bool asked = false;    ///< to be started as soon as its device has room, whether the queue is paused or not
  bool due = false;      ///< it waits, and has room: the queue's keeper starts it in a moment
  Message reason;        ///< why it failed
  RunLabels labels;      ///< the user's, until the run has a folder to keep them
  bool operator==(const QueuedRun&) const = default;

  QString record() const { return runs + QLatin1Char('/') + name + QStringLiteral("/run.h5"); }
  bool active() const { return state == State::starting || state == State::running; }
};

/// All of a queue, in their order.
std::vector<QueuedRun> shown_runs(const queue::Queue& queue);

/// `queue.json` in the application's data folder.
QString queue_file();

}  // namespace bandscope::app
