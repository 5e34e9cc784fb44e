// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace bandscope::trainer {

/// SHA-256 of a regular file; kept in the cache folder, since weights are large and hashed by every run. It is kept for
/// one state of one file: device, inode, size, time of change and of modification. Throws DataError when the file
/// cannot be read.
std::string file_sha256(const std::filesystem::path& file);

}  // namespace bandscope::trainer
