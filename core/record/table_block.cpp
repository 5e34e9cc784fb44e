// SPDX-License-Identifier: Apache-2.0
#include "core/record/table_block.h"

#include <algorithm>
#include <cstring>

#include "core/record/open_record.h"
#include "core/record/record_reader.h"

namespace bandscope {
namespace {

using record::Cell;

std::vector<std::string> texts(const std::vector<char>& cells, std::size_t bytes) {
  std::vector<std::string> out(cells.size() / bytes);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const char* cell = cells.data() + i * bytes;
    out[i].assign(cell, ::strnlen(cell, bytes));
  }
  return out;
}

/// Column `index` of a matrix that lies row after row.
std::vector<double> column_of(const std::vector<double>& matrix, std::size_t width, std::size_t index) {
  std::vector<double> out(matrix.size() / width);
  for (std::size_t row = 0; row < out.size(); ++row) out[row] = matrix[row * width + index];
  return out;
}

}  // namespace

const record::TableReader& RecordReader::reader_of(RecordTable table) const {
  const record::OpenRecord& open = opened_record();
  switch (table) {
    case RecordTable::steps:
      return open.steps;
    case RecordTable::pairs:
      return open.pairs;
    case RecordTable::probe:
      return open.probe;
    case RecordTable::events:
      return open.events;
    case RecordTable::evaluation:
      return open.evaluation;
    case RecordTable::layers:
      return open.layers;
  }
  throw std::logic_error("unknown table");
}

std::size_t RecordReader::rows(RecordTable table) const { return reader_of(table).rows(); }

TableBlock RecordReader::block(RecordTable which, std::size_t first, std::size_t count) const {
  const record::TableReader& table = reader_of(which);
  const record::OpenRecord& open = opened_record();
  TableBlock block;
  for (const record::ColumnLayout& column : table.layout().columns) {
    // Of the file, not of the run.
    if (column.name == "checksum") continue;
    if (column.cell == Cell::int64) {
      block.push_back({column.name, open.cells<std::int64_t>(table, column.name, first, count)});
    } else if (column.cell == Cell::float64 && column.width == 0) {
      block.push_back({column.name, open.cells<double>(table, column.name, first, count)});
    } else if (column.cell == Cell::float64) {
      const std::vector<double> matrix = open.cells<double>(table, column.name, first, count);
      for (std::size_t i = 0; i < column.width; ++i)
        block.push_back({column.name + "." + open.names[i], column_of(matrix, column.width, i)});
    } else {
      block.push_back(
          {column.name, texts(open.cells<char>(table, column.name, first, count), record::cell_bytes(column.cell))});
    }
  }
  // `step` is written last, and read first.
  if (!block.empty()) std::rotate(block.begin(), block.end() - 1, block.end());
  return block;
}

}  // namespace bandscope
