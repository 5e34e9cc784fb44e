// SPDX-License-Identifier: Apache-2.0
// The tables of a run record: one HDF5 group each, one growing dataset per column, rows appended at the end. A table's
// last column is `step`; it is written and flushed after the others, so its length is the number of whole rows.
// For the sources of core/record only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/record/columns.h"
#include "core/record/hdf5_handle.h"

namespace bandscope::record {

/// What one cell holds. Texts have a fixed length in bytes, zero-padded.
enum class Cell { int64, float64, kind_text, name_text, message_text, values_text };
inline constexpr std::size_t kind_bytes = 32;
inline constexpr std::size_t name_bytes = 128;
inline constexpr std::size_t message_bytes = 512;
inline constexpr std::size_t values_bytes = 1024;
std::size_t cell_bytes(Cell cell);

struct ColumnLayout {
  std::string name;
  Cell cell = Cell::float64;
  hsize_t width = 0;  ///< 0: one cell per row (a vector in the file); else that many (a matrix rows x width)
  ColumnAbout about{};
  std::int64_t absent = 0;  ///< what cells of int64 read as in a record from before the column
  std::size_t row_bytes() const { return cell_bytes(cell) * (width == 0 ? 1 : width); }
};

struct TableLayout {
  std::string group;
  hsize_t chunk_rows = 0;
  std::vector<ColumnLayout> columns;  ///< `step` last
  std::size_t index(std::string_view column) const;
};

TableLayout steps_layout();
TableLayout pairs_layout();
TableLayout probe_layout();
TableLayout events_layout();
TableLayout evaluation_layout();
/// A chunk of /layers holds about `cells` cells of a column, so that wide models do not rewrite megabytes at every
/// step.
struct LayerChunk {
  std::size_t cells = 8192, least_rows = 16, most_rows = 1024;
};
TableLayout layers_layout(std::size_t layers);

/// Appends rows. Creating is for files that are not yet in SWMR mode.
class TableWriter {
 public:
  TableWriter() = default;
  TableWriter(hid_t file, TableLayout layout);
  const TableLayout& layout() const { return layout_; }
  hsize_t rows() const { return rows_; }
  /// Appends `count` rows; `cells[i]` points at `count * row_bytes()` bytes of column i. All columns but `step` are
  /// written and flushed before `step` is.
  void append(hsize_t count, std::span<const void* const> cells);
  /// The same without flushing, for filling a file that nobody reads yet.
  void append_unflushed(hsize_t count, std::span<const void* const> cells);

 private:
  void write(std::size_t column, hsize_t count, const void* cells);

  TableLayout layout_;
  std::vector<h5::Dataset> datasets_;
  std::vector<h5::Type> types_;
  hsize_t rows_ = 0;
};

/// Reads rows. Columns that a file lacks read as NaN (numbers), 0 (integers) or "" (texts), except `step`.
class TableReader {
 public:
  TableReader() = default;
  /// Without the group: an empty table. `file` must stay open as long as this.
  TableReader(hid_t file, TableLayout layout);
  const TableLayout& layout() const { return layout_; }
  bool present() const { return open_ != nullptr; }
  hsize_t rows() const { return rows_; }
  bool has(std::size_t column) const { return open_->present[column]; }
  /// Looks for new rows (H5Drefresh of `step`); true when there are more.
  bool refresh();
  /// Shrinks the table to its first `rows` rows as far as reading goes; undone by a refresh that finds more.
  void limit(hsize_t rows) { rows_ = rows; }
  /// `count` rows first, first + apart, …, which must exist, into `out` (`count * row_bytes()` bytes).
  void read(std::size_t column, hsize_t first, hsize_t count, void* out, hsize_t apart = 1) const;
  /// Bytes that the present rows of the columns in the file take, and those of all columns; the largest number where
  /// that does not fit.
  hsize_t stored_bytes() const;
  hsize_t whole_bytes() const;
  /// Number of leading rows whose chunks lie wholly inside the first `file_bytes` bytes.
  hsize_t intact_rows(hsize_t file_bytes) const;
  /// Number of leading rows up to the first whose step is above `last_step`.
  hsize_t rows_up_to(std::int64_t last_step) const;

 private:
  /// The datasets that one reader has open. HDF5 1.10 loses the place of every chunk but the first when a dataset is
  /// refreshed that is open twice, so whoever refreshes one closes it in the process' other readers of the file, which
  /// open it again when they next need it.
  struct Open {
    hid_t file = H5I_INVALID_HID;
    TableLayout layout;
    unsigned long file_number = 0;
    std::vector<bool> present;  ///< false where the file lacks the column
    std::vector<h5::Dataset> datasets;
    hid_t get(std::size_t column);
  };
  static std::vector<std::weak_ptr<Open>>& readers();
  std::string name(std::size_t column) const { return "/" + layout_.group + "/" + layout_.columns[column].name; }
  hsize_t bytes(bool with_missing) const;
  void refresh_dataset(std::size_t column) const;
  void follow(std::size_t column) const;

  TableLayout layout_;
  std::shared_ptr<Open> open_;
  std::vector<h5::Type> types_;
  hsize_t rows_ = 0;
  mutable std::vector<hsize_t> seen_;  ///< rows known when the column's dataset was last refreshed
};

}  // namespace bandscope::record
