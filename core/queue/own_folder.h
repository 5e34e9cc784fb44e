// SPDX-License-Identifier: Apache-2.0
// Folders that the program itself keeps in a folder of runs.
#pragma once

#include <filesystem>

namespace bandscope::queue {

/// Makes the folder where it is missing, and returns it. Throws RunError, too, where a link is in its place, which may
/// lead anywhere, or a file.
std::filesystem::path own_folder(const std::filesystem::path& folder);

}  // namespace bandscope::queue
