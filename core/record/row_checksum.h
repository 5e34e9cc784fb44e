// SPDX-License-Identifier: Apache-2.0
// A checksum per row of /steps. HDF5's own (Fletcher32) is one per chunk of 512 rows: a writer killed while it writes a
// chunk anew would make all of them unreadable, a checksum beside each row at most the step in flight.
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>

namespace bandscope::record {

/// What one cell adds to its row's checksum. Bits are spread by a bijection (Steele, Lea and Flood 2014, "splitmix64"),
/// so that any change of one cell changes the sum; the column's name is in it, so that cells cannot change places and
/// columns may be added to the format.
constexpr std::uint64_t cell_term(std::string_view column, std::uint64_t bits) {
  std::uint64_t x = 0xCBF29CE484222325ULL;  // FNV-1a of the name
  for (const char c : column) x = (x ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  x += bits;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}
inline std::uint64_t cell_term(std::string_view column, double value) {
  return cell_term(column, std::bit_cast<std::uint64_t>(value));
}

/// The value of /steps/checksum for the sum of a row's terms. 0 stands for a row that has none.
constexpr std::int64_t checksum_of(std::uint64_t sum) { return static_cast<std::int64_t>(sum == 0 ? 1 : sum); }

}  // namespace bandscope::record
