// SPDX-License-Identifier: Apache-2.0
// How a run measures its own time.
#pragma once

#include <chrono>

namespace bandscope::trainer {

using Clock = std::chrono::steady_clock;
/// Seconds since `start`.
inline double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

}  // namespace bandscope::trainer
