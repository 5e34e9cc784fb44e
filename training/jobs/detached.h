// SPDX-License-Identifier: Apache-2.0
// An engine that outlives whoever started it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace bandscope::jobs {

/// Starts an engine, this program where none is named, with `arguments` and these variables beside those of the
/// environment, in a session of its own, with its output in `log`, which messages for a window are in as well. Returns
/// its process. Throws RunError.
std::int64_t start_detached(const std::vector<std::string>& arguments, const std::filesystem::path& log,
                            std::vector<std::pair<std::string, std::string>> environment = {},
                            const std::filesystem::path& program = {});

/// The present time for names of files: "20261128-021500-123".
std::string time_stamp();

}  // namespace bandscope::jobs
