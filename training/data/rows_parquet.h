// SPDX-License-Identifier: Apache-2.0
// Rows of a Parquet file. Without Arrow in the build, the call says so.
#pragma once

#include "training/data/rows.h"

namespace bandscope::data {

/// True when this build reads Parquet.
bool has_parquet();

/// Most bytes that reading a Parquet file may hold at once, whatever sizes the file declares.
inline constexpr std::int64_t kMostParquetMemory = std::int64_t{1} << 30;

/// The columns that a pair is read from (or all), as JSON rows: strings, numbers and truth values, structs of these,
/// and lists of them. Other columns are not decoded, and fields of other types (dates) are left out. A row larger than
/// kMostRowBytes is a row that could not be read. Throws DataError for an unreadable file, one that needs more than
/// `most_memory` bytes at once, or a build without Arrow.
void load_parquet_rows(const std::filesystem::path& file, const DataRowHandler& handler,
                       std::int64_t most_memory = kMostParquetMemory, Columns columns = Columns::of_pairs);

}  // namespace bandscope::data
