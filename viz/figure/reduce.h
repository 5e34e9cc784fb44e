// SPDX-License-Identifier: GPL-3.0-or-later
// Which rows of a curve are drawn: all of them where there is room, else the first, least, greatest and last of each
// column of pixels, so that no extreme is lost however many rows there are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "viz/data/samples.h"
#include "viz/figure/range.h"

namespace bandscope::viz {

/// Rows in drawing order. A new piece starts where rows between are undefined: gaps are not bridged.
struct DrawnRows {
  std::vector<std::uint32_t> rows;
  std::vector<std::size_t> pieces;     ///< index into `rows` of each piece's first row
  std::vector<std::uint32_t> skipped;  ///< one undefined row per column that has any, to mark them
  std::size_t points = 0;              ///< defined rows in the visible range
  std::size_t drawn = 0;               ///< of those, the ones in `rows`
  std::size_t undefined = 0;           ///< rows in the visible range that the scale cannot show
  bool dense = false;                  ///< reduced: up to four rows per column

  std::size_t piece_end(std::size_t piece) const { return piece + 1 < pieces.size() ? pieces[piece + 1] : rows.size(); }
};

/// For curves over ascending x. `x` says what is visible; `columns` is the number of pixel columns. One row on either
/// side of the visible range is added, so that the curve reaches the edge.
DrawnRows reduce_curve(const Samples& x, const Samples& y, const Scale& x_scale, bool log_y, int columns);
/// The same with the least and greatest only (edges of filled bands); `other` breaks the curve where it is undefined.
DrawnRows reduce_edge(const Samples& x, const Samples& y, const Samples& other, const Scale& x_scale, bool log_y,
                      int columns);
/// For paths in a plane: rows [0, end) whose position moved by half a unit of the canvas.
DrawnRows reduce_path(const Samples& x, const Samples& y, const Scale& x_scale, const Scale& y_scale, std::size_t end);

/// Rows [first, last) of ascending x inside the range.
struct Rows {
  std::size_t first, last;
};
Rows visible_rows(const Samples& x, const Range& range);
/// Values of the visible rows above and below the range, all of them, drawn or not.
struct OffScale {
  std::size_t below = 0, above = 0;
};
OffScale count_off_scale(const Samples& y, Rows rows, const Range& range, bool log);

}  // namespace bandscope::viz
