// SPDX-License-Identifier: Apache-2.0
#include "core/serve/rows_json.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "core/input/sha256.h"
#include "core/serve/base64.h"

namespace bandscope::wire {
namespace {

static_assert(std::endian::native == std::endian::little, "cells are sent as they lie in memory");

[[noreturn]] void not_understood() {
  throw Refused(Refusal::request, Message::tr("the rows of a record came in a form that is not understood"));
}

std::uint64_t number(const Json& object, const char* name) {
  const auto at = object.find(name);
  if (at == object.end() || !at->is_number_unsigned()) not_understood();
  return at->get<std::uint64_t>();
}

}  // namespace

std::string_view table_name(RecordTable table) { return record_table_names[static_cast<std::size_t>(table)]; }

RecordTable table_of(std::string_view name) {
  const auto at = std::ranges::find(record_table_names, name);
  if (at == record_table_names.end())
    throw Refused(Refusal::request, Message::tr("a record has no table \"%1\"", name));
  return static_cast<RecordTable>(at - record_table_names.begin());
}

Json rows_fields(const RawRows& rows, bool packed) {
  if (packed) return {{"first", rows.first}, {"count", rows.count}, {"packed", to_base64(pack_rows(rows))}};
  Json columns = Json::object();
  for (const RawColumn& column : rows.columns) columns[column.name] = to_base64(column.bytes);
  return {{"first", rows.first}, {"count", rows.count}, {"columns", std::move(columns)}};
}

RawRows read_rows(const Json& answer, RecordTable table, const RowShape& shape) {
  RawRows rows{table, number(answer, "first"), number(answer, "count"), {}};
  if (rows.count > kMostChunkBytes) not_understood();
  if (const auto packed = answer.find("packed"); packed != answer.end()) {
    if (!packed->is_string() || shape.names.empty()) not_understood();
    const auto bytes = from_base64(packed->get_ref<const std::string&>());
    // A row may be longer than a chunk, though not than a line.
    auto columns = bytes ? unpack_rows(*bytes, shape, rows.count, kLongestLine) : std::nullopt;
    if (!columns) not_understood();
    rows.columns = std::move(*columns);
    return rows;
  }
  const auto columns = answer.find("columns");
  if (columns == answer.end() || !columns->is_object()) not_understood();
  for (const auto& [name, cells] : columns->items()) {
    if (!cells.is_string()) not_understood();
    auto bytes = from_base64(cells.get_ref<const std::string&>());
    if (!bytes) not_understood();
    rows.columns.push_back({name, std::move(*bytes)});
  }
  return rows;
}

std::string digest_of(const RawRows& rows) {
  Sha256 sum;
  for (const RawColumn& column : rows.columns) sum.add(column.bytes);
  return sum.hex();
}

Json shapes_json(const RowShapes& shapes) {
  Json columns = Json::object(), widths = Json::object();
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    columns[std::string(record_table_names[i])] = shapes[i].names;
    widths[std::string(record_table_names[i])] = shapes[i].widths;
  }
  return {{"columns", std::move(columns)}, {"widths", std::move(widths)}};
}

RowShapes read_shapes(const Json& record) {
  RowShapes shapes;
  const auto columns = record.find("columns"), widths = record.find("widths");
  if (columns == record.end() || widths == record.end()) return shapes;
  if (!columns->is_object() || !widths->is_object()) not_understood();
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const std::string table(record_table_names[i]);
    if (!columns->contains(table) || !widths->contains(table)) continue;
    const Json &names = columns->at(table), &bytes = widths->at(table);
    if (!names.is_array() || !bytes.is_array() || names.size() != bytes.size()) not_understood();
    for (const Json& name : names) {
      if (!name.is_string()) not_understood();
      shapes[i].names.push_back(name.get<std::string>());
    }
    for (const Json& width : bytes) {
      if (!width.is_number_unsigned() || width.get<std::uint64_t>() > kMostChunkBytes) not_understood();
      shapes[i].widths.push_back(width.get<std::size_t>());
    }
  }
  return shapes;
}

Json counts_json(const TableRows& rows) {
  Json counts = Json::object();
  for (std::size_t i = 0; i < rows.size(); ++i) counts[std::string(record_table_names[i])] = rows[i];
  return counts;
}

TableRows read_counts(const Json& counts) {
  if (!counts.is_object()) not_understood();
  TableRows rows{};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string name(record_table_names[i]);
    if (counts.contains(name)) rows[i] = number(counts, name.c_str());
  }
  return rows;
}

}  // namespace bandscope::wire
