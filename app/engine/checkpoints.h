// SPDX-License-Identifier: GPL-3.0-or-later
// The checkpoints of a run's folder. Folders of other names than the engine gives (checkpoint-best) are the user's.
#pragma once

#include <QList>
#include <QString>

namespace bandscope::app {

/// Steps of the whole ones, ascending.
QList<qint64> checkpoint_steps(const QString& run_folder);
/// Name of the newest whole one; empty: none.
QString newest_checkpoint(const QString& run_folder);

}  // namespace bandscope::app
