// SPDX-License-Identifier: GPL-3.0-or-later
// Engines as processes of their own: started so that they outlive the window, found again by engine.json.
#pragma once

#include <QProcessEnvironment>
#include <QString>
#include <QStringList>

#include "core/message/message.h"

namespace bandscope::app {

/// Starts `bandscope-engine SPEC --runs RUNS` in a session of its own, output into RUNS/.logs/NAME-DATE.txt. Throws
/// RunError when it cannot be started. Returns its process and the log file's path. `threads`: CPU threads for it, 0
/// for its own choice; OMP_NUM_THREADS in the environment wins.
struct StartedEngine {
  qint64 pid = 0;
  QString log;
};
StartedEngine start_engine(const QString& spec, const QString& runs, int threads = 0);

/// Start time of a living process in clock ticks since boot, which tells it from a later one with its pid; 0 when there
/// is none or it has ended and its parent has not noticed yet.
qint64 process_start(qint64 pid);
/// Process of this user's engine that works on this spec file; 0 when there is none.
qint64 engine_on(const QString& spec);

/// Asks the engine of this run's folder to stop with a checkpoint (SIGTERM). Throws RunError with the reason when there
/// is no such process here (already ended, another host).
void stop_engine(const QString& run_folder);

/// For any engine that the window starts: it gives way to other processes, and says its messages with their values.
QProcessEnvironment engine_environment(int threads = 0);

/// The last message of an engine's log, for the problem bar; empty where there is none.
Message last_words(const QString& log);

}  // namespace bandscope::app
