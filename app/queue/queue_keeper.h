// SPDX-License-Identifier: GPL-3.0-or-later
// The process that starts what waits, seen from a window: started where none is there, so that the queue goes on when
// the window is closed.
#pragma once

#include <QCoreApplication>
#include <QElapsedTimer>
#include <filesystem>

#include "core/message/message.h"
#include "core/queue/queue_file.h"

namespace bandscope::app {

class QueueKeeper {
  Q_DECLARE_TR_FUNCTIONS(QueueKeeper)

 public:
  explicit QueueKeeper(const queue::QueueFile& file) : file_(file) {}
  /// Sees to it that a process keeps the queue. Returns what keeps waiting runs from being started; empty: nothing.
  Message ensure();

 private:
  Message why_not() const;
  void start();

  queue::QueueFile file_;
  std::filesystem::path engine_;  ///< that was started here
  qint64 pid_ = 0, ticks_ = 0;    ///< its process
  std::uint64_t log_from_ = 0;    ///< where its words begin in the log
  int failures_ = 0;              ///< one after the other
  QElapsedTimer since_;           ///< it was started, or could not be
  Message problem_;
};

}  // namespace bandscope::app
