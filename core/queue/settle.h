// SPDX-License-Identifier: Apache-2.0
// What became of the runs of a queue that were started, whoever started them: told by their processes and records.
#pragma once

#include <cstdint>
#include <vector>

#include "core/queue/queue.h"

namespace bandscope::queue {

/// ms since 1970
std::int64_t now_ms();
/// The run has its record: by its own process, or, where that is not known, by one that began since the run was
/// started.
bool recorded(const QueuedRun& run);
/// Why a run that has ended has no record: the last that its engine said.
Message why_unrecorded(const QueuedRun& run);
/// The process of an engine that works on this spec file; 0: there is none.
std::int64_t engine_on(const std::string& spec);

/// Runs that have ended leave the queue, or have failed where there is no record of them; those that were about to be
/// started when their keeper ended are found or wait again; a folder gets the labels of its run, and an engine that is
/// to end is told. Jobs are left alone, and runs of other hosts until nothing was heard of them for long. With the
/// queue's lock held. Returns what went wrong.
std::vector<Message> settle(Queue& queue);

}  // namespace bandscope::queue
