// SPDX-License-Identifier: Apache-2.0
// Records on disk, found by name alone: listing a thousand runs opens no file.
#pragma once

#include <filesystem>
#include <vector>

namespace bandscope {

/// Records in `folder` and at most four levels below it, by name: run.h5 of run folders, and in folders that are none
/// any file *.h5. Hidden folders, checkpoints of runs and linked folders are left out. Nothing where it cannot be read.
std::vector<std::filesystem::path> records_below(const std::filesystem::path& folder);

}  // namespace bandscope
