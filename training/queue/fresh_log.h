// SPDX-License-Identifier: Apache-2.0
// Where engines of the queue say what they have to say.
#pragma once

#include <string>

#include "core/queue/queue.h"

namespace bandscope::queue {

/// Where the output of a run that is started now goes; its folder is made. Throws RunError.
std::string fresh_log(const QueuedRun& run);

}  // namespace bandscope::queue
