// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/figure/reduce.h"

#include <array>

namespace bandscope::viz {
namespace {

bool shown(double value, bool log) { return std::isfinite(value) && (!log || value > 0); }

/// Extremes of rows [first, last), by block summaries where they apply.
struct Extremes {
  bool any = false;
  std::size_t first = 0, least = 0, greatest = 0, last = 0;
  std::size_t defined = 0;
  std::size_t hole = static_cast<std::size_t>(-1);  ///< some undefined row
};

Extremes find_extremes(const Samples& y, std::size_t first, std::size_t last, bool log) {
  Extremes out;
  const auto values = y.values();
  const auto blocks = y.blocks();
  const auto take = [&](std::size_t row) {
    if (!out.any) {
      out.any = true;
      out.first = out.least = out.greatest = row;
    }
    if (values[row] < values[out.least]) out.least = row;
    if (values[row] > values[out.greatest]) out.greatest = row;
    out.last = row;
  };
  for (std::size_t row = first; row < last;) {
    const std::size_t index = row / Samples::block_size;
    if (row % Samples::block_size == 0 && row + Samples::block_size <= last && index < blocks.size()) {
      const Samples::Block& block = blocks[index];
      // Its summary stands for the block unless something in it cannot be shown; those are looked at one by one.
      if (block.whole && (!log || block.least_value > 0)) {
        if (!out.any) {
          out.any = true;
          out.first = row;
          out.least = row + block.least;
          out.greatest = row + block.greatest;
        } else {
          if (block.least_value < values[out.least]) out.least = row + block.least;
          if (block.greatest_value > values[out.greatest]) out.greatest = row + block.greatest;
        }
        out.last = row + Samples::block_size - 1;
        out.defined += Samples::block_size;
        row += Samples::block_size;
        continue;
      }
    }
    if (shown(values[row], log)) {
      take(row);
      ++out.defined;
    } else {
      out.hole = row;
    }
    ++row;
  }
  return out;
}

struct Builder {
  DrawnRows out;
  bool open = false;

  void add(std::size_t row) {
    if (!open) out.pieces.push_back(out.rows.size());
    open = true;
    if (out.rows.size() == out.pieces.back() || out.rows.back() != row)
      out.rows.push_back(static_cast<std::uint32_t>(row));
  }
  void gap() { open = false; }
};

DrawnRows reduce(const Samples& x, const Samples& y, const Samples* other, const Scale& x_scale, bool log_y,
                 int columns, bool edges_only) {
  Builder builder;
  const std::size_t size = std::min(x.size(), y.size());
  if (size == 0) return builder.out;
  Rows rows = visible_rows(x, x_scale.range);
  rows.last = std::min(rows.last, size);
  rows.first = std::min(rows.first, rows.last);
  const auto defined = [&](std::size_t row) {
    return shown(y[row], log_y) && (!other || (row < other->size() && shown((*other)[row], log_y))) &&
           x_scale.shows(x[row]);
  };
  if (rows.first > 0 && defined(rows.first - 1)) builder.add(rows.first - 1);
  const std::size_t count = rows.last - rows.first;
  const std::size_t room = static_cast<std::size_t>(std::max(1, columns));
  if (count <= room * (edges_only ? 1 : 2)) {
    for (std::size_t row = rows.first; row < rows.last; ++row) {
      if (defined(row)) {
        builder.add(row);
        ++builder.out.points;
        ++builder.out.drawn;
      } else {
        builder.gap();
        ++builder.out.undefined;
        builder.out.skipped.push_back(static_cast<std::uint32_t>(row));
      }
    }
  } else {
    builder.out.dense = true;
    const auto xs = x.values();
    std::size_t start = rows.first;
    for (std::size_t column = 1; column <= room && start < rows.last; ++column) {
      std::size_t end = rows.last;
      if (column < room) {
        const double edge = x_scale.value(x_scale.from + (x_scale.to - x_scale.from) * static_cast<double>(column) /
                                                             static_cast<double>(room));
        end = static_cast<std::size_t>(std::lower_bound(xs.begin() + static_cast<std::ptrdiff_t>(start),
                                                        xs.begin() + static_cast<std::ptrdiff_t>(rows.last), edge) -
                                       xs.begin());
      }
      if (end == start) continue;
      if (!defined(start)) builder.gap();
      const Extremes found = find_extremes(y, start, end, log_y);
      builder.out.points += found.defined;
      builder.out.undefined += end - start - found.defined;
      if (found.hole != static_cast<std::size_t>(-1))
        builder.out.skipped.push_back(static_cast<std::uint32_t>(found.hole));
      if (found.any) {
        const std::size_t before = builder.out.rows.size();
        std::array<std::size_t, 4> order{found.first, found.least, found.greatest, found.last};
        if (order[1] > order[2]) std::swap(order[1], order[2]);
        if (edges_only) order[0] = order[1], order[3] = order[2];
        for (const std::size_t row : order) builder.add(row);
        builder.out.drawn += builder.out.rows.size() - before;
      }
      if (!defined(end - 1)) builder.gap();
      start = end;
    }
  }
  if (rows.last < size && defined(rows.last)) builder.add(rows.last);
  return std::move(builder.out);
}

}  // namespace

DrawnRows reduce_curve(const Samples& x, const Samples& y, const Scale& x_scale, bool log_y, int columns) {
  return reduce(x, y, nullptr, x_scale, log_y, columns, false);
}

DrawnRows reduce_edge(const Samples& x, const Samples& y, const Samples& other, const Scale& x_scale, bool log_y,
                      int columns) {
  return reduce(x, y, &other, x_scale, log_y, columns, true);
}

DrawnRows reduce_path(const Samples& x, const Samples& y, const Scale& x_scale, const Scale& y_scale, std::size_t end) {
  Builder builder;
  const std::size_t size = std::min({x.size(), y.size(), end});
  double last_x = 0, last_y = 0;
  for (std::size_t row = 0; row < size; ++row) {
    if (!x_scale.shows(x[row]) || !y_scale.shows(y[row])) {
      builder.gap();
      ++builder.out.undefined;
      builder.out.skipped.push_back(static_cast<std::uint32_t>(row));
      continue;
    }
    ++builder.out.points;
    const double px = x_scale(x[row]), py = y_scale(y[row]);
    if (builder.open && row + 1 < size && std::abs(px - last_x) < 0.5 && std::abs(py - last_y) < 0.5) continue;
    builder.add(row);
    ++builder.out.drawn;
    last_x = px;
    last_y = py;
  }
  return std::move(builder.out);
}

Rows visible_rows(const Samples& x, const Range& range) {
  const auto values = x.values();
  const auto first = std::lower_bound(values.begin(), values.end(), range.least);
  const auto last = std::upper_bound(first, values.end(), range.greatest);
  return {static_cast<std::size_t>(first - values.begin()), static_cast<std::size_t>(last - values.begin())};
}

OffScale count_off_scale(const Samples& y, Rows rows, const Range& range, bool log) {
  OffScale out;
  const auto values = y.values();
  const auto blocks = y.blocks();
  rows.last = std::min(rows.last, values.size());
  for (std::size_t row = rows.first; row < rows.last;) {
    const std::size_t index = row / Samples::block_size;
    if (row % Samples::block_size == 0 && row + Samples::block_size <= rows.last && index < blocks.size()) {
      const Samples::Block& block = blocks[index];
      if (block.first == Samples::none ||
          (block.least_value >= range.least && block.greatest_value <= range.greatest)) {
        row += Samples::block_size;
        continue;
      }
    }
    if (shown(values[row], log)) {
      out.below += values[row] < range.least;
      out.above += values[row] > range.greatest;
    }
    ++row;
  }
  return out;
}

}  // namespace bandscope::viz
