// SPDX-License-Identifier: Apache-2.0
// Rows of a data file, or of a folder's files, one after the other, whatever the format, without a whole file in
// memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "core/message/message.h"
#include "training/data/data_files.h"
#include "training/data/row_fields.h"

namespace bandscope::data {

/// One row. `value` is null when the row itself could not be read; `problem` then says why.
struct DataRow {
  /// Line of a JSON-lines file, element of a JSON array, row of a Parquet file, from 0. In a folder it counts on from
  /// file to file, as if they were one.
  std::int64_t index = 0;
  const RowValue* value = nullptr;
  Message problem;
  /// The file of a folder that the row is in; null: the data is one file.
  const std::filesystem::path* shard = nullptr;
  std::int64_t in_shard = 0;  ///< the row's index there
};

/// `problem` with where a person finds the row: "pairs.jsonl, row 12: …" or, of a folder's row, its file and the row
/// there.
Message at_row(const DataRow& row, const std::filesystem::path& data, const Message& problem);
/// What is wrong with a row that is told by its index: of a folder's row, with its file and the row there.
Message with_place(const DataRow& row, const Message& problem);

/// Which columns of a Parquet file become a row; rows of JSON are always whole.
enum class Columns {
  of_pairs,  ///< what a preference pair is read from: others are not even decoded
  all,
};

/// Called for each row in file order; returns false to stop reading.
using DataRowHandler = std::function<bool(const DataRow&)>;

/// A line or element larger than this is a row that could not be read: it bounds memory.
inline constexpr std::size_t kMostRowBytes = std::size_t{16} << 20;

/// Reads JSON lines (.jsonl, .ndjson), a JSON array or lines (.json, told by the first character), either of them
/// gzip-compressed (.gz), or Parquet (.parquet); or all files of a folder (data_files). Blank lines are no rows but
/// count as lines. Throws DataError for a file that is missing, empty, of an unknown kind, a truncated gzip file or a
/// broken JSON array, and for a folder that is not one data set.
void load_rows(const DataSource& data, const DataRowHandler& handler, Columns columns = Columns::of_pairs);

/// JSON lines or a JSON array from a text in memory; `where` begins the messages.
void load_rows_from_text(std::string_view text, const std::string& where, const DataRowHandler& handler);

}  // namespace bandscope::data
