// SPDX-License-Identifier: Apache-2.0
// A table of a record as columns, for those who hand all of it on instead of looking for certain values.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace bandscope {

enum class RecordTable { steps, pairs, probe, events, evaluation, layers };
inline constexpr std::array<std::string_view, 6> record_table_names = {"steps",  "pairs",      "probe",
                                                                       "events", "evaluation", "layers"};

using TableCells = std::variant<std::vector<std::int64_t>, std::vector<double>, std::vector<std::string>>;

struct TableColumn {
  std::string name;  ///< as in FORMAT.md; of /layers "COLUMN.LAYER"
  TableCells cells;  ///< one per row
};

/// Columns of equal length, `step` first.
using TableBlock = std::vector<TableColumn>;

}  // namespace bandscope
