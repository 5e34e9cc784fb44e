// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the names of new runs are free in the folder that they go to.
#pragma once

#include <QDir>
#include <QString>
#include <vector>

#include "core/spec/run_spec.h"

namespace bandscope::app {

/// The first of the runs that has a record in `runs` already and does not go on with it, or whose folder holds other
/// runs; empty: none.
QString taken_name(const std::vector<RunSpec>& specs, const QDir& runs);

/// What to call the spec's runs so that all of them are free: `name`, a dash and a number. `name` is run.name, with
/// which the names of its runs begin; empty where no such name is found.
QString free_name(const QString& name, const std::vector<RunSpec>& specs, const QDir& runs);

}  // namespace bandscope::app
