// SPDX-License-Identifier: Apache-2.0
// Rows of a record's table in few bytes: cells of 8 bytes by their planes (the first bytes of all cells of a column,
// then the second ones, …), others as they are, column after column, deflated (zlib, RFC 1950).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/record/raw_rows.h"

namespace bandscope::wire {

/// The columns of a table, in its order: what packed rows themselves do not say.
struct RowShape {
  std::vector<std::string> names;
  std::vector<std::size_t> widths;  ///< bytes of a row's cells
};

std::string pack_rows(const RawRows& rows);
/// Of bytes that anybody may have sent: nothing where they are not `count` rows of this shape, or more than
/// `most_bytes`.
std::optional<std::vector<RawColumn>> unpack_rows(std::string_view packed, const RowShape& shape, std::size_t count,
                                                  std::size_t most_bytes);

}  // namespace bandscope::wire
