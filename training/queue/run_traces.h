// SPDX-License-Identifier: Apache-2.0
// What a run of the queue has left behind, whoever started it.
#pragma once

#include <cstdint>

#include "training/queue/queue_file.h"

namespace bandscope::queue {

/// ms since 1970
std::int64_t now_ms();
/// Where the output of a run that is started now goes; its folder is made.
std::string fresh_log(const QueuedRun& run);
/// The run has written its record since it was started.
bool recorded(const QueuedRun& run);
/// Why a run that has ended has no record: the last that its engine said.
Message why_unrecorded(const QueuedRun& run);

}  // namespace bandscope::queue
