// SPDX-License-Identifier: Apache-2.0
// Reads a run record: finished, live (SWMR), or left behind by a killed writer (read as it is, with a note).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/record/columns.h"
#include "core/record/raw_rows.h"
#include "core/record/table_block.h"

namespace bandscope {

namespace record {
struct OpenRecord;
class TableReader;
}  // namespace record

/// Not shared between threads while in use (HDF5 calls of all readers and writers are serialised inside).
/// Every function throws DataError with path and reason: no such file, not HDF5, not a run record, another version.
class RecordReader {
 public:
  /// Opens a record; one that no living process writes is first looked at by a process of its own (examiner.h), since
  /// HDF5 itself crashes on some files.
  static RecordReader open(const std::filesystem::path& file);
  /// The same without that look, for the process that takes it.
  static RecordReader open_unexamined(const std::filesystem::path& file);
  RecordReader(RecordReader&&) noexcept;
  RecordReader& operator=(RecordReader&&) noexcept;
  ~RecordReader();

  const std::filesystem::path& path() const;
  /// What opening had to do, e.g. "the writer was killed; 1,204 whole steps read"; empty when nothing.
  const Message& note() const;
  /// True while the file's writer flag says that a writer has it open (it may have been killed).
  bool live() const;

  /// True while a living process holds the record's writer lock, as of open or the last refresh (same host; on network
  /// file systems as far as they pass locks on).
  bool writer_alive() const;

  std::string spec_toml() const;
  std::string environment_json() const;

  /// Looks for new rows; true when the number of whole steps, rows of probe or evaluation, or events grew, or when
  /// another file was put in the record's place (a resumed run, a repair), which is then the one read: rows may have
  /// gone.
  bool refresh();
  std::size_t steps() const;  ///< whole rows, as of open or the last refresh
  std::size_t pairs() const;
  std::size_t probes() const;
  std::size_t events() const;
  std::size_t evaluations() const;
  std::size_t layer_steps() const;  ///< rows of /layers; 0 without

  /// Rows [first, first+count) of /steps/step or /steps/COLUMN; count is cut to what is there.
  std::vector<std::int64_t> step_numbers(std::size_t first = 0, std::size_t count = npos) const;
  std::vector<double> column(Column column, std::size_t first = 0, std::size_t count = npos) const;
  /// Steps among rows [first, first+count) whose values are not those that were written (/steps/checksum). Reads every
  /// column; rows of a record without checksums pass. note() says so already where open() looked at the file.
  std::vector<std::int64_t> changed_steps(std::size_t first = 0, std::size_t count = npos) const;
  std::vector<PairRow> pair_rows(std::size_t first = 0, std::size_t count = npos) const;
  std::vector<ProbeRow> probe_rows() const;
  std::vector<EventRow> event_rows() const;
  /// Empty in records of runs without benchmarks.
  std::vector<EvaluationRow> evaluation_rows() const;
  /// Empty without /layers.
  std::vector<std::string> layer_names() const;
  std::vector<LayerRow> layer_rows(std::size_t first = 0, std::size_t count = npos) const;
  /// Whole rows of any table, as of open or the last refresh, and rows [first, first+count) of all its columns. Columns
  /// that the file lacks are NaN, 0 or ""; of a table that it lacks there are no rows.
  std::size_t rows(RecordTable table) const;
  TableBlock block(RecordTable table, std::size_t first = 0, std::size_t count = npos) const;

  /// The same cells as they lie in the file, for a copy that is to be the same bit for bit. Columns that the file
  /// lacks are left out; rows are cut to what is there.
  RawRows raw_rows(RecordTable table, std::size_t first, std::size_t count) const;
  /// At most `most` (2 or more) rows at even distances, the table's first and last among them.
  RawRows coarse_rows(RecordTable table, std::size_t most) const;
  std::size_t row_bytes(RecordTable table) const;  ///< of one such row, and of its columns
  std::vector<std::size_t> cell_bytes(RecordTable table) const;
  /// Which file is read: another text after a refresh that found another file in its place.
  std::string identity() const;

  RunState state() const;    ///< as of the last refresh
  double heartbeat() const;  ///< seconds since 1970

  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

 private:
  struct Impl;
  explicit RecordReader(std::unique_ptr<Impl> impl);
  static RecordReader opened(const std::filesystem::path& file, Message remark);
  const record::OpenRecord& opened_record() const;
  const record::TableReader& reader_of(RecordTable table) const;
  std::unique_ptr<Impl> impl_;
};

/// Mends a record whose writer is dead: its whole rows go into a fresh file that then takes its place; returns what was
/// done, e.g. "repaired; 1204 whole steps kept". Refuses (DataError) while a living process has the file open for
/// writing.
Message repair_record(const std::filesystem::path& file);

}  // namespace bandscope
