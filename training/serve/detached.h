// SPDX-License-Identifier: Apache-2.0
// An engine that outlives whoever started it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace bandscope::serve {

/// Starts this program again with `arguments`, in a session of its own, with its output in `log`. Throws RunError.
void start_detached(const std::vector<std::string>& arguments, const std::filesystem::path& log);

/// The present time for names of files: "20261128-021500-123".
std::string time_stamp();

}  // namespace bandscope::serve
