// SPDX-License-Identifier: Apache-2.0
// What can be told of an HDF5 file from its first bytes and its lock, without opening it through HDF5.
// For the sources of core/record only.
#pragma once

#include <cstdint>
#include <filesystem>

namespace bandscope::record {

struct FileLook {
  std::uint64_t device = 0, inode = 0;  ///< together the file's identity
  std::uint64_t bytes = 0;              ///< its size
  std::uint64_t held_bytes = 0;         ///< its size, less what a sparse file only pretends to hold
  bool hdf5 = false;                    ///< begins with HDF5's signature
  bool flagged = false;                 ///< its flag says that a writer has it open (superblock version 3)
  std::uint64_t end = 0;                ///< where HDF5 took the file to end when it last wrote that down; 0: unknown
  bool writer_alive = false;            ///< a living writer holds its lock
  std::int64_t born = 0;                ///< when it was made, ns since 1970; 0 where the file system does not say
};

/// Throws DataError when the file cannot be opened for reading.
FileLook look_at(const std::filesystem::path& file);

}  // namespace bandscope::record
