// SPDX-License-Identifier: Apache-2.0
#include "core/record/raw_cells.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "core/error.h"
#include "core/record/open_record.h"
#include "core/record/record_reader.h"

namespace bandscope {

namespace record {
namespace {

constexpr std::string_view checksum = "checksum";

template <typename Value>
std::string repeated(Value value, std::size_t count) {
  std::string bytes(count * sizeof value, '\0');
  for (std::size_t i = 0; i < count; ++i) std::memcpy(bytes.data() + i * sizeof value, &value, sizeof value);
  return bytes;
}

/// What a missing column reads as.
std::string absent_cells(const ColumnLayout& column, std::size_t rows) {
  const std::size_t cells = column.row_bytes() / cell_bytes(column.cell) * rows;
  if (column.cell == Cell::float64) return repeated(std::numeric_limits<double>::quiet_NaN(), cells);
  if (column.cell == Cell::int64) return repeated(column.absent, cells);
  return std::string(rows * column.row_bytes(), '\0');
}

}  // namespace

RawCells::RawCells(const TableLayout& layout, const RawRows& rows) : layout_(&layout), count_(rows.count) {
  const auto same_columns = [&] {
    return rows.columns.size() == layout.columns.size() &&
           std::ranges::all_of(layout.columns, [&](const ColumnLayout& own) {
             return std::ranges::count(rows.columns, own.name, &RawColumn::name) == 1;
           });
  };
  const bool same = same_columns();
  for (const ColumnLayout& column : layout.columns) {
    const auto given = std::ranges::find(rows.columns, column.name, &RawColumn::name);
    const bool here = given != rows.columns.end();
    if (here && given->bytes.size() / column.row_bytes() != count_)
      throw DataError(Message::tr("/%1/%2: %3 bytes for %4 rows of %5 bytes", layout.group, column.name,
                                  given->bytes.size(), count_, column.row_bytes()));
    if (here && given->bytes.size() % column.row_bytes() != 0)
      throw DataError(
          Message::tr("/%1/%2: %3 bytes are no whole rows", layout.group, column.name, given->bytes.size()));
    if (!here && column.name == "step") throw DataError(Message::tr("/%1 has no column step", layout.group));
    // A checksum is of all columns of its row: of others than these it says nothing.
    if (here && (same || column.name != checksum)) {
      pointers_.push_back(given->bytes.data());
    } else {
      pointers_.push_back(made_.emplace_back(absent_cells(column, count_)).data());
    }
  }
}

std::int64_t RawCells::last_step() const {
  std::int64_t step = 0;
  std::memcpy(&step, static_cast<const char*>(pointers_.back()) + (count_ - 1) * sizeof step, sizeof step);
  return step;
}

}  // namespace record

RawRows RecordReader::raw_rows(RecordTable which, std::size_t first, std::size_t count) const {
  const record::TableReader& table = reader_of(which);
  first = std::min<std::size_t>(first, table.rows());
  RawRows rows{which, first, std::min<std::size_t>(count, table.rows() - first), {}};
  if (!table.present()) return rows;
  const auto& columns = table.layout().columns;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!table.has(i)) continue;
    const auto cells = opened_record().cells<char>(table, columns[i].name, first, rows.count);
    rows.columns.push_back({columns[i].name, std::string(cells.begin(), cells.end())});
  }
  return rows;
}

std::size_t RecordReader::row_bytes(RecordTable which) const {
  std::size_t bytes = 0;
  for (const record::ColumnLayout& column : reader_of(which).layout().columns) bytes += column.row_bytes();
  return bytes;
}

std::string RecordReader::identity() const {
  const record::FileLook& look = opened_record().look;
  return std::to_string(look.device) + "-" + std::to_string(look.inode) + "-" + std::to_string(look.born);
}

}  // namespace bandscope
