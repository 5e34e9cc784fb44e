// SPDX-License-Identifier: Apache-2.0
// Rows of a table as the bytes that lie in the record, for copies that are the same bit for bit (NaN's payload, padding
// of texts, checksums).
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "core/record/table_block.h"

namespace bandscope {

/// Rows of each table, in the order of RecordTable.
using TableRows = std::array<std::size_t, record_table_names.size()>;

struct RawColumn {
  std::string name;   ///< of the dataset: /TABLE/NAME
  std::string bytes;  ///< cells one after the other: int64 and float64 in this machine's order of bytes, texts padded
};

/// `count` rows from row `first` on. Columns in the order of the table, `step` last.
struct RawRows {
  RecordTable table = RecordTable::steps;
  std::size_t first = 0, count = 0;
  std::vector<RawColumn> columns;
};

}  // namespace bandscope
