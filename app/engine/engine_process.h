// SPDX-License-Identifier: GPL-3.0-or-later
// Engines as processes of their own, which outlive the window: found again by engine.json.
#pragma once

#include <QProcessEnvironment>
#include <QString>

namespace bandscope::app {

/// Asks the engine of this run's folder to stop with a checkpoint (SIGTERM). Throws RunError with the reason when there
/// is no such process here (already ended, another host).
void stop_engine(const QString& run_folder);

/// For any engine that the window starts: it gives way to other processes, and says its messages with their values.
QProcessEnvironment engine_environment();

}  // namespace bandscope::app
