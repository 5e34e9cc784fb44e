// SPDX-License-Identifier: GPL-3.0-or-later
// A run on a server as the library lists it, from what the server says of it. Nothing of that is believed before it
// was looked at: a member of another type counts as missing.
#pragma once

#include <array>

#include "app/library/run_entry.h"
#include "core/queue/queue.h"
#include "core/serve/protocol.h"

namespace bandscope::app {

/// Members of an item that entry_of_item() reads.
inline constexpr std::array item_members = {
    "run",        "changed",    "bytes", "read",     "error",    "objective", "model",       "data",    "tuning",
    "calibrated", "config",     "shown", "reason",   "steps",    "planned",   "seconds",     "in_band", "probe",
    "alerts",     "last_alert", "note",  "pair_key", "progress", "labels",    "labels_error"};

/// The run's name in a server's messages; empty where there is none that can be one.
QString run_of_item(const wire::Json& item);

/// `item` as the requests `runs` and `watch` tell of it. `record`: where its copy is, or will be.
RunEntry entry_of_item(const wire::Json& item, const QString& server, const QString& record);

/// A run of the server's queue: it waits, starts or could not be started.
RunEntry entry_of_queued(const queue::QueuedRun& run, const QString& server, const QString& record);

}  // namespace bandscope::app
