// SPDX-License-Identifier: Apache-2.0
// Rows of another record as what a table of this one appends. For the sources of core/record only.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "core/record/raw_rows.h"
#include "core/record/record_tables.h"

namespace bandscope::record {

/// Looks into `rows`, which must outlive this. Throws DataError as RecordWriter::append_raw.
class RawCells {
 public:
  RawCells(const TableLayout& layout, const RawRows& rows);
  std::span<const void* const> pointers() const { return pointers_; }
  std::int64_t last_step() const;

 private:
  const TableLayout* layout_;
  std::size_t count_;
  std::deque<std::string> made_;  ///< of columns that the rows lack
  std::vector<const void*> pointers_;
};

}  // namespace bandscope::record
