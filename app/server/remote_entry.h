// SPDX-License-Identifier: GPL-3.0-or-later
// A run on a server as the library lists it, from what the server says of it. Nothing of that is believed before it
// was looked at: a member of another type counts as missing.
#pragma once

#include "app/library/run_entry.h"
#include "core/queue/queue.h"
#include "core/serve/protocol.h"

namespace bandscope::app {

/// The run's name in a server's messages; empty where there is none that can be one.
QString run_of_item(const wire::Json& item);

/// `item` as the requests `runs` and `watch` tell of it. `record`: where its copy is, or will be.
RunEntry entry_of_item(const wire::Json& item, const QString& server, const QString& record);

/// A run of the server's queue: it waits, starts or could not be started.
RunEntry entry_of_queued(const queue::QueuedRun& run, const QString& server, const QString& record);

}  // namespace bandscope::app
