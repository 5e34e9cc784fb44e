// SPDX-License-Identifier: GPL-3.0-or-later
// What the problem bar has to say about the runs of a page.
#pragma once

#include <vector>

#include "app/library/run_entry.h"
#include "app/page/problem_bar.h"

namespace bandscope::app {

class RunPage;

/// Unreadable, failed, stalled, killed, alerts, repaired; each a sentence with an action of the page.
std::vector<Problem> run_problems(const std::vector<RunEntryPtr>& runs, RunPage& page);

}  // namespace bandscope::app
