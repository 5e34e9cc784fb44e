// SPDX-License-Identifier: GPL-3.0-or-later
// What runs that are shown together are called, by the rule of the figures: viz/data/run_names.h.
#pragma once

#include <QStringList>
#include <vector>

#include "app/library/run_entry.h"

namespace bandscope::app {

/// A name for each run, in their order; no two are the same.
QStringList shown_names(const std::vector<RunEntryPtr>& runs);
/// Of one of them; of a run that is not among them its own title, of none nothing.
QString name_of(const RunEntryPtr& run, const std::vector<RunEntryPtr>& runs);
QStringList distinct_names(const QStringList& names);

}  // namespace bandscope::app
