// SPDX-License-Identifier: Apache-2.0
// Rows of a record's table in a message, and what two ends compare instead of sending them.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "core/record/raw_rows.h"
#include "core/serve/packed_rows.h"
#include "core/serve/protocol.h"

namespace bandscope::wire {

std::string_view table_name(RecordTable table);
/// Throws Refused.
RecordTable table_of(std::string_view name);

/// "first", "count" and "columns", or "packed" in place of these (packed_rows.h).
Json rows_fields(const RawRows& rows, bool packed = false);
/// Of an answer that anybody may have sent. Throws Refused where it has not these members in this form, or more cells
/// than a chunk. Packed rows are of `shape`.
RawRows read_rows(const Json& answer, RecordTable table, const RowShape& shape);

/// The shapes of all tables, in the order of RecordTable, as `record` says them: "columns" and "widths" by table.
using RowShapes = std::array<RowShape, record_table_names.size()>;
Json shapes_json(const RowShapes& shapes);
/// Without a shape, tables of an engine that packs nothing. Throws Refused.
RowShapes read_shapes(const Json& record);

/// SHA-256 of the rows' cells, column after column.
std::string digest_of(const RawRows& rows);

/// Rows by table: {"steps": 12, …}.
Json counts_json(const TableRows& rows);
/// Tables that are missing have none. Throws Refused.
TableRows read_counts(const Json& counts);

}  // namespace bandscope::wire
