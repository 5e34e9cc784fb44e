// SPDX-License-Identifier: GPL-3.0-or-later
// Tables as booktabs sets them: rules above, below and under the head, none upright. One that is too wide is set in
// smaller letters, then in blocks under each other, each with the texts of the rows.
#include <algorithm>
#include <limits>
#include <numeric>

#include "viz/draw/draw_panel.h"

namespace bandscope::viz {
namespace {

constexpr double kLine = Table::row_height;
constexpr double kGap = 1.3;       ///< between columns
constexpr double kSmall = 0.72;    ///< size of a subscript
constexpr double kBetween = 0.9;   ///< lines between the blocks of one table
constexpr double kSmallest = 0.7;  ///< a table breaks into blocks before its letters are smaller than this share
constexpr double kLeast = 0.05;    ///< in a figure too small for its blocks, the letters go on shrinking to this share
constexpr double kFiner = 0.98;    ///< from one size that is tried to the next

/// Measures a table, or a block of one, in one size of letters.
struct TableSetter {
  const Table& table;
  const Metrics& metrics;
  double size;

  QString text(const std::string& cell) const { return QString::fromStdString(cell); }
  double width(const std::string& cell, double scale = 1, bool bold = false) const {
    return metrics.text.width(text(cell), scale * size, bold, false);
  }
  double width(const TableCell& cell) const { return width(cell.text, 1, cell.bold); }
  double tail(const TableCell& cell) const { return width(cell.error, kSmall) + width(cell.mark); }
  /// What stands behind the numbers of a column: room for the longest, so that the numbers end at one place.
  std::vector<double> tails() const {
    std::vector<double> out(table.head.size(), 0);
    for (const auto& row : table.rows)
      for (std::size_t i = table.texts; i < std::min(row.size(), out.size()); ++i)
        out[i] = std::max(out[i], tail(row[i]));
    return out;
  }

  std::vector<double> widths() const {
    std::vector<double> out;
    for (const std::string& title : table.head) out.push_back(width(title, 1, true));
    const auto behind = tails();
    for (const auto& row : table.rows)
      for (std::size_t i = 0; i < std::min(row.size(), out.size()); ++i)
        out[i] = std::max(out[i], width(row[i]) + behind[i]);
    // A group's title may be wider than its columns.
    for (const Table::Group& group : table.groups) {
      const double gaps = kGap * size * static_cast<double>(group.last - group.first - 1);
      const auto begin = out.begin() + static_cast<std::ptrdiff_t>(group.first),
                 end = out.begin() + static_cast<std::ptrdiff_t>(group.last);
      const double missing = width(group.title, 1, true) - gaps - std::accumulate(begin, end, 0.0);
      if (missing <= 0) continue;
      for (auto one = begin; one != end; ++one) *one += missing / static_cast<double>(group.last - group.first);
    }
    return out;
  }
  double whole() const {
    const auto all = widths();
    return std::accumulate(all.begin(), all.end(), 0.0) + kGap * size * static_cast<double>(all.size() - 1);
  }
};

/// Draws what a setter has measured.
struct TableDrawing {
  Canvas& canvas;
  const TableSetter& set;
  const Theme& theme;

  void cell(const TableCell& cell, double left, double right, double y, bool as_text, double behind) const {
    const TextSetter& text = set.metrics.text;
    const double size = set.size;
    if (as_text) {
      text.draw(canvas, {left, y}, text.elided(set.text(cell.text), size, right - left + 0.5 * size), size, theme.text,
                Align::left, cell.bold, 0, false);
      return;
    }
    double x = right - behind - set.width(cell);
    text.draw(canvas, {x, y}, set.text(cell.text), size, theme.text, Align::left, cell.bold, 0, false);
    x += set.width(cell.text, 1, cell.bold);
    text.draw(canvas, {x, y + 0.2 * size}, set.text(cell.error), kSmall * size, theme.muted, Align::left, false, 0,
              false);
    x += set.width(cell.error, kSmall);
    text.draw(canvas, {x, y}, set.text(cell.mark), size, theme.text, Align::left, false, 0, false);
  }
  /// In the middle of `area`, from `top` on. What room there is over stands between the columns, up to a point.
  void block(const QRectF& area, double top) const;
  void note(const QRectF& area, double left, double right, double y) const;
};

void TableDrawing::block(const QRectF& area, double top) const {
  const Table& table = set.table;
  const double size = set.size, px = set.metrics.px, room = area.width();
  const auto widths = set.widths(), tails = set.tails();
  const double spare = std::max(0.0, room - set.whole());
  const double gap =
      kGap * size + std::min(spare / static_cast<double>(std::max<std::size_t>(1, widths.size() - 1)), 2.5 * size);
  const double whole =
      std::accumulate(widths.begin(), widths.end(), 0.0) + gap * static_cast<double>(widths.size() - 1);
  double x = std::max(area.left(), area.center().x() - whole / 2);
  const double left = x, right = std::min(x + whole, area.right());
  std::vector<double> starts;
  for (const double width : widths) {
    starts.push_back(x);
    x += width + gap;
  }
  double y = top;
  const auto rule = [&](double from, double to, double at, double width) {
    canvas.line({from, at}, {to, at}, theme.text, width * px);
  };
  const auto baseline = [&] { return y + 0.5 * kLine * size + 0.36 * size; };
  rule(left, right, y, 1.1);
  if (!table.groups.empty()) {
    for (const Table::Group& group : table.groups) {
      const double from = starts[group.first], to = starts[group.last - 1] + widths[group.last - 1];
      set.metrics.text.draw(canvas, {(from + to) / 2, baseline()}, set.text(group.title), size, theme.text,
                            Align::centre, true, 0, false);
      rule(from, to, y + kLine * size, 0.5);
    }
    y += kLine * size;
  }
  for (std::size_t i = 0; i < table.head.size(); ++i) {
    const bool is_text = i < table.texts;
    set.metrics.text.draw(canvas, {is_text ? starts[i] : starts[i] + widths[i], baseline()}, set.text(table.head[i]),
                          size, theme.text, is_text ? Align::left : Align::right, true, 0, false);
  }
  y += kLine * size;
  rule(left, right, y, 0.7);
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    if (table.sum == row) rule(left, right, y, 0.5);
    for (std::size_t i = 0; i < std::min(table.rows[row].size(), starts.size()); ++i)
      cell(table.rows[row][i], starts[i], starts[i] + widths[i], baseline(), i < table.texts, tails[i]);
    y += kLine * size;
  }
  rule(left, right, y, 1.1);
  if (!table.note.empty()) note(area, left, right, y + 1.3 * size);
}

/// Under the table, smaller where it is long; beyond the table's edges where that is not enough.
void TableDrawing::note(const QRectF& area, double left, double right, double y) const {
  constexpr double kOfTable = 0.9, kLeastOfNote = 0.7;
  const double whole = set.width(set.table.note, kOfTable);
  const double there = whole * kLeastOfNote <= right - left ? right - left : area.width();
  const double size = kOfTable * set.size * std::clamp(0.99 * there / whole, kLeastOfNote, 1.0);
  const double wide = std::min(there, set.metrics.text.width(set.text(set.table.note), size, false, false));
  const double from = std::clamp(left, area.left(), std::max(area.left(), area.right() - wide));
  set.metrics.text.draw(canvas, {from, y}, set.metrics.text.elided(set.text(set.table.note), size, there), size,
                        theme.muted, Align::left, false, 0, false);
}

/// The texts of the table, and of its numbers those of `columns`, which ascend.
Table with_columns(const Table& table, const std::vector<std::size_t>& columns) {
  Table part;
  part.texts = std::min(table.texts, table.head.size());
  part.sum = table.sum;
  std::vector<std::size_t> all(part.texts);
  std::iota(all.begin(), all.end(), std::size_t{0});
  all.insert(all.end(), columns.begin(), columns.end());
  for (const std::size_t i : all) part.head.push_back(table.head[i]);
  for (const auto& row : table.rows) {
    auto& cells = part.rows.emplace_back();
    for (const std::size_t i : all) cells.push_back(i < row.size() ? row[i] : TableCell{});
  }
  for (const Table::Group& group : table.groups) {
    const auto first = std::ranges::lower_bound(all, group.first), last = std::ranges::lower_bound(all, group.last);
    if (first != last)
      part.groups.push_back(
          {group.title, static_cast<std::size_t>(first - all.begin()), static_cast<std::size_t>(last - all.begin())});
  }
  return part;
}

/// Columns of numbers that stay together: a group's, or one alone.
std::vector<std::vector<std::size_t>> units_of(const Table& table) {
  std::vector<std::vector<std::size_t>> units;
  for (std::size_t i = std::min(table.texts, table.head.size()); i < table.head.size(); ++i) {
    const auto within = [&](const Table::Group& group) { return group.first < i && i < group.last; };
    const bool goes_on = !units.empty() && std::ranges::any_of(table.groups, within);
    if (goes_on) {
      units.back().push_back(i);
    } else {
      units.push_back({i});
    }
  }
  return units;
}

/// The table as it is set: its blocks under each other, in one size of letters.
struct SetTable {
  std::vector<Table> blocks;
  double size = 0;
  bool fits = false;  ///< within the width

  double lines() const {
    double all = kBetween * static_cast<double>(blocks.size() - 1);
    for (const Table& block : blocks) all += block.lines();
    return all;
  }
};

/// As few blocks of whole groups as there is room for; a group that is too wide alone is broken as well.
SetTable set_blocks(const Table& table, double room, double size, const Metrics& metrics) {
  SetTable set{{}, size, true};
  const auto fits = [&](const std::vector<std::size_t>& columns) {
    return TableSetter{with_columns(table, columns), metrics, size}.whole() <= room;
  };
  std::vector<std::size_t> now;
  const auto add = [&](const std::vector<std::size_t>& unit) {
    std::vector<std::size_t> more = now;
    more.insert(more.end(), unit.begin(), unit.end());
    if (!now.empty() && !fits(more)) {
      set.blocks.push_back(with_columns(table, now));
      more = unit;
    }
    now = std::move(more);
  };
  for (const auto& unit : units_of(table)) {
    if (unit.size() == 1 || fits(unit)) {
      add(unit);
    } else {
      for (const std::size_t column : unit) add({column});
    }
  }
  set.blocks.push_back(with_columns(table, now));
  set.blocks.back().note = table.note;
  for (const Table& block : set.blocks) set.fits = set.fits && TableSetter{block, metrics, size}.whole() <= room;
  return set;
}

/// Whole if its letters do not get too small, else in blocks. `height`: what there is room for; infinite where the
/// figure takes its height from the table.
SetTable set_table(const Table& table, double room, double height, const Metrics& metrics) {
  const auto high_enough = [&](const SetTable& set) { return set.fits && set.lines() * set.size <= height; };
  const double font = metrics.font;
  // The width of a table grows as its letters do.
  const double whole = TableSetter{table, metrics, font}.whole();
  const double one = std::min({font, font * room / whole, height / table.lines()});
  if (one >= kSmallest * font) return {{table}, one, true};
  const bool broken = font * room / whole < kSmallest * font;
  for (double size = broken ? kSmallest * font : one; size > kLeast * font; size *= kFiner) {
    SetTable set = set_blocks(table, room, size, metrics);
    if (high_enough(set)) return set;
  }
  return set_blocks(table, room, kLeast * font, metrics);
}

double margin_of(const Metrics& metrics) { return metrics.font; }

}  // namespace

double table_height(const Table& table, double width, const Metrics& metrics) {
  const double room = width - 2 * margin_of(metrics);
  const SetTable set = set_table(table, room, std::numeric_limits<double>::infinity(), metrics);
  return set.lines() * set.size;
}

void draw_table(Canvas& canvas, const Table& table, const QRectF& area, const Metrics& metrics, const Theme& theme) {
  const double margin = margin_of(metrics);
  const QRectF room = area.adjusted(margin, 0, -margin, 0);
  const SetTable set = set_table(table, room.width(), area.height(), metrics);
  double y = area.top() + std::max(0.0, (area.height() - set.lines() * set.size) / 2);
  for (const Table& block : set.blocks) {
    const TableSetter setter{block, metrics, set.size};
    TableDrawing{canvas, setter, theme}.block(room, y + 0.6 * set.size);
    y += (block.lines() + kBetween) * set.size;
  }
}

}  // namespace bandscope::viz
