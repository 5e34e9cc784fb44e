// SPDX-License-Identifier: Apache-2.0
#include "core/record/raw_cells.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>

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

RawRows RecordReader::coarse_rows(RecordTable which, std::size_t most) const {
  const record::TableReader& table = reader_of(which);
  const std::size_t all = table.rows();
  if (all <= std::max<std::size_t>(most, 2)) return raw_rows(which, 0, all);
  const std::size_t apart = (all - 2) / (std::max<std::size_t>(most, 2) - 1) + 1;  // (all - 1) / (most - 1), rounded up
  const std::size_t even = (all - 1) / apart + 1, over = (all - 1) % apart == 0 ? 0 : 1;
  RawRows rows{which, 0, even + over, {}};
  const auto& columns = table.layout().columns;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!table.has(i)) continue;
    std::string cells(rows.count * columns[i].row_bytes(), '\0');
    opened_record().guarded([&] {
      table.read(i, 0, even, cells.data(), apart);
      table.read(i, all - 1, over, cells.data() + even * columns[i].row_bytes());
    });
    rows.columns.push_back({columns[i].name, std::move(cells)});
  }
  return rows;
}

std::vector<std::size_t> RecordReader::cell_bytes(RecordTable which) const {
  const record::TableReader& table = reader_of(which);
  std::vector<std::size_t> bytes;
  for (std::size_t i = 0; table.present() && i < table.layout().columns.size(); ++i)
    if (table.has(i)) bytes.push_back(table.layout().columns[i].row_bytes());
  return bytes;
}

std::size_t RecordReader::row_bytes(RecordTable which) const {
  const auto cells = cell_bytes(which);
  return std::accumulate(cells.begin(), cells.end(), std::size_t{0});
}

std::string RecordReader::identity() const {
  const record::FileLook& look = opened_record().look;
  return std::to_string(look.device) + "-" + std::to_string(look.inode) + "-" + std::to_string(look.born);
}

}  // namespace bandscope
