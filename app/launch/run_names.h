// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the names of new runs are free in the folder that they go to.
#pragma once

#include <QDir>
#include <QString>
#include <functional>
#include <vector>

#include "core/spec/run_spec.h"

namespace bandscope::app {

/// Whether a run with this record, of which nothing is on disk yet, waits to be started.
using IsQueued = std::function<bool(const QString& record)>;

/// Whether a run of this name cannot be made; one that goes on (`resume`) needs the name that it has.
using NameTaken = std::function<bool(const QString& name, bool resume)>;

/// In a folder of this machine: there is a record already, the folder holds other runs, or the run is queued.
NameTaken taken_in(const QDir& runs, const IsQueued& queued);

/// The first of the runs whose name is taken; empty: none.
QString taken_name(const std::vector<RunSpec>& specs, const NameTaken& taken);

/// What to call the spec's runs so that all of them are free: `name`, a dash and a number. `name` is run.name, of which
/// the names of its runs are made; empty where no such name is found.
QString free_name(const QString& name, const std::vector<RunSpec>& specs, const NameTaken& taken);

}  // namespace bandscope::app
