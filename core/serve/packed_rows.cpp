// SPDX-License-Identifier: Apache-2.0
#include "core/serve/packed_rows.h"

#include <zlib.h>

#include <new>

namespace bandscope::wire {
namespace {

constexpr std::size_t plane_count = 8;

/// Cells of one column to planes, or planes to cells.
std::string turned(std::string_view bytes, std::size_t rows, bool to_planes) {
  std::string turned(bytes.size(), '\0');
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t plane = 0; plane < plane_count; ++plane) {
      const std::size_t cell = row * plane_count + plane, place = plane * rows + row;
      turned[to_planes ? place : cell] = bytes[to_planes ? cell : place];
    }
  return turned;
}

const Bytef* data_of(std::string_view bytes) { return reinterpret_cast<const Bytef*>(bytes.data()); }

}  // namespace

std::string pack_rows(const RawRows& rows) {
  std::string all;
  for (const RawColumn& column : rows.columns)
    all += column.bytes.size() == rows.count * plane_count ? turned(column.bytes, rows.count, true) : column.bytes;
  std::string packed(::compressBound(static_cast<uLong>(all.size())), '\0');
  auto size = static_cast<uLongf>(packed.size());
  if (::compress2(reinterpret_cast<Bytef*>(packed.data()), &size, data_of(all), static_cast<uLong>(all.size()),
                  Z_DEFAULT_COMPRESSION) != Z_OK)
    throw std::bad_alloc();
  packed.resize(size);
  return packed;
}

std::optional<std::vector<RawColumn>> unpack_rows(std::string_view packed, const RowShape& shape, std::size_t count,
                                                  std::size_t most_bytes) {
  if (shape.names.size() != shape.widths.size()) return std::nullopt;
  std::size_t bytes = 0;
  for (const std::size_t width : shape.widths) {
    if (count != 0 && width > (most_bytes - bytes) / count) return std::nullopt;
    bytes += width * count;
  }
  std::string all(bytes, '\0');
  // A byte more than there may be, so that one too many is noticed.
  all.push_back('\0');
  auto size = static_cast<uLongf>(all.size());
  if (::uncompress(reinterpret_cast<Bytef*>(all.data()), &size, data_of(packed), static_cast<uLong>(packed.size())) !=
          Z_OK ||
      size != bytes)
    return std::nullopt;
  std::vector<RawColumn> columns;
  std::string_view rest(all.data(), bytes);
  for (std::size_t i = 0; i < shape.names.size(); ++i) {
    const std::string_view cells = rest.substr(0, shape.widths[i] * count);
    rest.remove_prefix(cells.size());
    columns.push_back(
        {shape.names[i], shape.widths[i] == plane_count ? turned(cells, count, false) : std::string(cells)});
  }
  return columns;
}

}  // namespace bandscope::wire
