// SPDX-License-Identifier: Apache-2.0
// A run record being written: the HDF5 file with everything that it will ever hold created before SWMR starts.
// For the sources of core/record only.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/record/columns.h"
#include "core/record/hdf5_handle.h"
#include "core/record/record_tables.h"
#include "core/record/writer_lock.h"

namespace bandscope::record {

inline constexpr const char* format_name = "bandscope-run";
inline constexpr int format_version = 1;
/// The smallest page of any kernel this runs on; larger ones are multiples of it.
inline constexpr hsize_t kernel_page_bytes = 4096;

/// A new record under a temporary name beside its final one; it appears under the final name whole or not at all.
/// Members throw h5::Failure.
class RecordFile {
 public:
  RecordFile() = default;
  /// Creates the file with all groups, datasets and attributes.
  RecordFile(const std::filesystem::path& final_name, const std::string& spec_toml, const std::string& environment_json,
             const std::vector<std::string>& layer_names);
  RecordFile(RecordFile&&) noexcept = default;
  RecordFile& operator=(RecordFile&&) noexcept = default;
  ~RecordFile();

  TableWriter& steps() { return tables_[0]; }
  TableWriter& pairs() { return tables_[1]; }
  TableWriter& probe() { return tables_[2]; }
  TableWriter& events() { return tables_[3]; }
  TableWriter& evaluation() { return tables_[4]; }
  TableWriter& layers() { return tables_[5]; }
  std::vector<TableWriter>& tables() { return tables_; }
  std::size_t layer_count() const { return layers_; }

  /// Adds a table; std::logic_error once start_swmr() was called.
  void create_table(TableLayout layout);
  void write_state(RunState state);
  void write_heartbeat(double seconds_since_1970);
  /// The state alone, past HDF5 and in the room that it has: what a full disk still takes. Does nothing where it
  /// cannot.
  void overwrite_state(RunState state) noexcept;

  /// From here on rows are only appended: HDF5 does not refuse new objects under SWMR, but readers break on them.
  void start_swmr();
  /// Gives the file its final name. `replace`: over an existing file; else Failure "File exists".
  void publish(bool replace);
  /// True while the final name leads to this file.
  bool in_place() const { return lock_.guards(final_name_); }
  /// Where the file is at present, which follows a renamed folder; empty when it has been deleted.
  std::filesystem::path present_path() const { return lock_.present_path(); }
  /// Closes cleanly.
  void close();
  /// After a failed write: nothing of what HDF5 still holds reaches the file any more, so that it stays as a killed
  /// writer would have left it, and closing cannot fail for want of space.
  void abandon() noexcept;

 private:
  void require_creating() const;

  std::filesystem::path final_name_;
  std::filesystem::path temporary_;  ///< empty once published
  WriterLock lock_;
  h5::File file_;
  h5::Dataset state_;
  h5::Dataset heartbeat_;
  std::vector<TableWriter> tables_;
  std::size_t layers_ = 0;
  bool appending_ = false;
};

/// Seconds since 1970.
double wall_clock();

}  // namespace bandscope::record
