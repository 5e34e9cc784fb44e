// SPDX-License-Identifier: Apache-2.0
// Who writes a record, and where it may be written: an advisory lock that dies with its process, however it dies.
#pragma once

#include <filesystem>

namespace bandscope {

/// True where SWMR's promise does not hold: NFS, SMB, Lustre, Ceph, FUSE and the like (false when it cannot be told).
/// Records written there may be read only after the run has ended; the engine warns.
bool on_network_file_system(const std::filesystem::path& path);

namespace record {

/// Exclusive lock of one byte far past the end of a record, held by its writer. An open-file-description lock, so it
/// conflicts with nothing that HDF5 or other programs lock, also works between threads of one process, and goes when
/// the writer ends or is killed. Where the file system knows no locks, it is taken to be free.
class WriterLock {
 public:
  WriterLock() = default;
  WriterLock(WriterLock&& other) noexcept;
  WriterLock& operator=(WriterLock&& other) noexcept;
  ~WriterLock();
  /// Throws DataError when another writer holds it or the file cannot be opened for writing.
  static WriterLock take(const std::filesystem::path& file);
  /// True when the path still leads to the locked file (nobody has put another in its place).
  bool guards(const std::filesystem::path& file) const;
  /// Where the locked file is at present, which follows a renamed folder; empty when it has been deleted.
  std::filesystem::path present_path() const;
  void release();
  /// True when a living writer holds the lock of the open file `descriptor` (reading suffices).
  static bool held(int descriptor);

 private:
  int descriptor_ = -1;
};

}  // namespace record
}  // namespace bandscope
