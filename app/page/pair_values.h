// SPDX-License-Identifier: GPL-3.0-or-later
// The values that a table of pairs shows: of one run, or of two runs beside each other with their differences.
#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <vector>

#include "core/band/band.h"
#include "core/record/columns.h"

namespace bandscope::app {

enum class BandPlace { undefined, in, below, above };
/// Undefined where the band or the ratio is.
BandPlace band_place(double log_r, double lower, double upper);

/// A pair of one run's record with what its step says about it.
struct PairCells {
  PairRow row;
  /// log d_w − log d_l of the pair + 2 log α of its step: what was applied, which is what the band is for.
  double log_r = std::numeric_limits<double>::quiet_NaN();
  BandPlace band = BandPlace::undefined;

  double change_w() const { return row.z_w - row.z_w_ref; }
  double change_l() const { return row.z_l - row.z_l_ref; }
  Pathway pathway() const { return pathway_of(change_w(), change_l()); }
};

/// The rows of a table: `second` is empty, or holds the other run's values of the same pairs in the same order.
struct PairRows {
  std::vector<PairCells> first, second;
  bool both = false;
  std::size_t size() const { return first.size(); }
};
using PairRowsPtr = std::shared_ptr<const PairRows>;

enum class PairValue {
  line,
  text,
  change_w,
  change_l,
  pathway,
  z_w,
  z_l,
  margin,
  log_r,
  band,
  d_w,
  d_l,
  tokens_w,
  tokens_l,
  step
};
enum class PairSide { first, second, difference };  ///< a difference is second − first

struct PairColumn {
  PairValue value = PairValue::line;
  PairSide side = PairSide::first;
  bool operator==(const PairColumn&) const = default;
};

/// The columns of a table of one run, or of two, in their order.
const std::vector<PairColumn>& pair_columns(bool both);

/// True for values that are counts or places: no part of a nat is shown.
bool is_count(PairValue value);
/// The name in a file, as the record calls it where it has it: "z_w", "log_r_applied".
const char* pair_value_key(PairValue value);

/// What a cell shows and is sorted by; pathway and place in the band are in the order of their enumerations, NaN where
/// they are undefined. The text is sorted by its line.
double pair_number(const PairRows& rows, std::size_t row, PairColumn column);

}  // namespace bandscope::app
