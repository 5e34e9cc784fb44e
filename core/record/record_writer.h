// SPDX-License-Identifier: Apache-2.0
// Writes a run record (HDF5, single writer multiple readers). Every dataset exists before SWMR starts; afterwards
// rows are only appended, and each step is flushed, so that kill -9 loses at most the step in flight.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/record/columns.h"
#include "core/record/raw_rows.h"

namespace bandscope {

namespace record {
struct Keep;
}

/// Safe to call from several threads (one mutex inside). Throws RunError (full disk, unwritable folder) with the
/// path and the system's reason; after a failed write the file still opens with every step written before.
class RecordWriter {
 public:
  struct Options {
    std::string spec_toml;                 ///< /spec
    std::string environment_json;          ///< /environment
    std::vector<std::string> layer_names;  ///< empty: no /layers
  };
  /// Makes the file; refuses to overwrite an existing one.
  static RecordWriter create(const std::filesystem::path& file, const Options& options);
  /// Opens an existing record for going on after `last_step` (0: from the start): repairs it when its writer was
  /// killed, cuts rows of later steps everywhere (0: every row, also the probe and events before the first step), and
  /// starts SWMR again. Works on a copy that takes the file's place; readers that have it open follow at their next
  /// refresh. Throws DataError when the file is unreadable or a living process writes it.
  static RecordWriter resume(const std::filesystem::path& file, std::int64_t last_step);

  /// The same for a copy of another record: keeps the first `keep[i]` rows of the table i, and of a table that has
  /// fewer all of them; rows() says how many those are.
  static RecordWriter go_on_copying(const std::filesystem::path& file, const TableRows& keep);

  RecordWriter(RecordWriter&&) noexcept;
  RecordWriter& operator=(RecordWriter&&) noexcept;
  ~RecordWriter();  ///< closes without changing the state

  /// Appends the step's pairs, layers and columns, `step` last, and flushes.
  void append_step(const StepRow& row, std::span<const PairRow> pairs, const LayerRow* layers = nullptr);
  /// Appends many step rows without pairs at once, for importers.
  void append_steps(std::span<const StepRow> rows);
  void append_probe(const ProbeRow& row);
  void append_event(const EventRow& row);
  /// All numbers of one evaluation: a reader sees all of them or none.
  void append_evaluation(std::span<const EvaluationRow> rows);
  /// Appends rows that another record's reader has read, cell for cell. Columns that they lack become NaN, 0 or "", as
  /// they would be read; columns of another format are left out. Throws DataError where a column's cells are not of its
  /// size or the columns differ in length; then nothing was written.
  void append_raw(const RawRows& rows);
  TableRows rows() const;
  /// Sets state and heartbeat (wall clock, seconds since 1970) and flushes.
  void set_status(RunState state);
  void set_status(RunState state, double heartbeat);
  /// Refreshes the heartbeat only.
  void heartbeat();
  /// Step of the last row of /steps (0: none), and of /probe and /evaluation (-1: none), so that a resumed run repeats
  /// no row.
  std::int64_t last_step() const;
  std::int64_t last_probe_step() const;
  std::int64_t last_evaluation_step() const;
  /// True while the record's path leads to the file that is written; a folder may be deleted or renamed meanwhile.
  bool in_place() const;
  /// Where the file is at present; empty when it has been deleted.
  std::filesystem::path present_path() const;
  /// Closes the file cleanly, so that it opens without SWMR.
  void close();

 private:
  struct Impl;
  static RecordWriter reopened(const std::filesystem::path& file, const record::Keep& keep);
  explicit RecordWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace bandscope
