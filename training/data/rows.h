// SPDX-License-Identifier: Apache-2.0
// Rows of a data file one after the other, whatever its format, without the whole file in memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

namespace bandscope {

/// One row. `value` is null when the row itself could not be read; `problem` then says why.
struct Row {
  std::int64_t index = 0;  ///< line of a JSON-lines file, element of a JSON array, row of a Parquet file, from 0
  const nlohmann::json* value = nullptr;
  std::string problem;
};

/// Called for each row in file order; returns false to stop reading.
using RowHandler = std::function<bool(const Row&)>;

/// A line or element larger than this is a row that could not be read: it bounds memory.
inline constexpr std::size_t kMostRowBytes = std::size_t{16} << 20;

/// Reads JSON lines (.jsonl, .ndjson), a JSON array or lines (.json, told by the first character), either of them
/// gzip-compressed (.gz), or Parquet (.parquet). Blank lines are no rows but count as lines. Throws DataError for a file that is missing, a folder,
/// empty, of an unknown kind, a truncated gzip file or a broken JSON array.
void load_rows(const std::filesystem::path& file, const RowHandler& handler);

/// JSON lines or a JSON array from a text in memory; `where` begins the messages.
void load_rows_from_text(std::string_view text, const std::string& where, const RowHandler& handler);

}  // namespace bandscope
