// SPDX-License-Identifier: GPL-3.0-or-later
// Renaming a run and putting it into the trash: what happens to its files. A run is its folder with all that is in it
// but other runs; a record that is not called run.h5 is that file and its labels.
#pragma once

#include <QString>
#include <QStringList>
#include <vector>

#include "app/library/run_entry.h"

namespace bandscope::app {

/// Why the run's files must stay where they are: it is being trained. Empty when nothing is against it.
QString why_fixed(const RunEntry& entry);

/// Other runs below the run's folder, which never go with it: their folders. None for a record without a folder of its
/// own.
QStringList runs_inside(const FoundRecord& run);

/// Throws RunError where the spec does not allow this as run.name.
void check_run_name(const QString& name);

/// Gives the run's folder (or record file) another name, and run.name in its spec.toml the same, so that it can be gone
/// on with. Returns where its record is now. Throws RunError: a name that cannot be one, or is taken, or other runs lie
/// in the folder, whose paths would change.
FoundRecord rename_run(const FoundRecord& run, const QString& name);

/// A file or folder in the desktop's trash.
struct Trashed {
  QString path;      ///< where it was
  QString in_trash;  ///< where it lies; empty where the trash does not say
};
/// The run's folder; where other runs lie in it, everything in it but them. Throws RunError when the trash does not
/// take the run; then nothing has moved.
std::vector<Trashed> trash_run(const FoundRecord& run);
/// Puts it back, the last first. Throws RunError when the place is taken or the trash was emptied.
void restore_run(const std::vector<Trashed>& trashed);

}  // namespace bandscope::app
