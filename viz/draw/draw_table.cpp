// SPDX-License-Identifier: GPL-3.0-or-later
// Tables as booktabs sets them: rules above, below and under the head, none upright.
#include <algorithm>
#include <numeric>

#include "viz/draw/draw_panel.h"

namespace bandscope::viz {
namespace {

constexpr double kLine = Table::row_height;
constexpr double kGap = 1.3;       ///< between columns
constexpr double kSmall = 0.72;    ///< size of a subscript
constexpr double kSmallest = 0.5;  ///< letters are not made smaller than this share of the font

/// Draws a table in one size of letters.
struct TableSetter {
  Canvas& canvas;
  const Table& table;
  const Metrics& metrics;
  const Theme& theme;
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

  void cell(const TableCell& cell, double left, double right, double y, bool as_text, double behind) const {
    if (as_text) {
      metrics.text.draw(canvas, {left, y}, metrics.text.elided(text(cell.text), size, right - left + 0.5 * size), size,
                        theme.text, Align::left, cell.bold, 0, false);
      return;
    }
    double x = right - behind - width(cell);
    metrics.text.draw(canvas, {x, y}, text(cell.text), size, theme.text, Align::left, cell.bold, 0, false);
    x += width(cell.text, 1, cell.bold);
    metrics.text.draw(canvas, {x, y + 0.2 * size}, text(cell.error), kSmall * size, theme.muted, Align::left, false, 0,
                      false);
    x += width(cell.error, kSmall);
    metrics.text.draw(canvas, {x, y}, text(cell.mark), size, theme.text, Align::left, false, 0, false);
  }
};

}  // namespace

void draw_table(Canvas& canvas, const Table& table, const QRectF& area, const Metrics& metrics, const Theme& theme) {
  TableSetter setter{canvas, table, metrics, theme, metrics.font};
  const double margin = metrics.font, room = area.width() - 2 * margin;
  const double smallest = kSmallest * metrics.font;
  const double high = area.height() / table.lines();
  setter.size =
      std::clamp(std::min({metrics.font, metrics.font * room / setter.whole(), high}), smallest, metrics.font);
  const double size = setter.size, px = metrics.px;
  const auto widths = setter.widths(), tails = setter.tails();
  // What room there is over stands between the columns, up to a point; the table is in the middle.
  const double spare = std::max(0.0, room - setter.whole());
  const double gap =
      kGap * size + std::min(spare / static_cast<double>(std::max<std::size_t>(1, widths.size() - 1)), 2.5 * size);
  const double whole =
      std::accumulate(widths.begin(), widths.end(), 0.0) + gap * static_cast<double>(widths.size() - 1);
  double x = std::max(area.left() + margin, area.center().x() - whole / 2);
  const double left = x, right = std::min(x + whole, area.right() - margin);
  std::vector<double> starts;
  for (const double width : widths) {
    starts.push_back(x);
    x += width + gap;
  }
  double y = area.top() + std::max(0.0, (area.height() - table.lines() * size) / 2) + 0.6 * size;
  const auto rule = [&](double from, double to, double at, double width) {
    canvas.line({from, at}, {to, at}, theme.text, width * px);
  };
  const auto baseline = [&] { return y + 0.5 * kLine * size + 0.36 * size; };
  rule(left, right, y, 1.1);
  if (!table.groups.empty()) {
    for (const Table::Group& group : table.groups) {
      const double from = starts[group.first], to = starts[group.last - 1] + widths[group.last - 1];
      metrics.text.draw(canvas, {(from + to) / 2, baseline()}, setter.text(group.title), size, theme.text,
                        Align::centre, true, 0, false);
      rule(from, to, y + kLine * size, 0.5);
    }
    y += kLine * size;
  }
  for (std::size_t i = 0; i < table.head.size(); ++i) {
    const bool is_text = i < table.texts;
    metrics.text.draw(canvas, {is_text ? starts[i] : starts[i] + widths[i], baseline()}, setter.text(table.head[i]),
                      size, theme.text, is_text ? Align::left : Align::right, true, 0, false);
  }
  y += kLine * size;
  rule(left, right, y, 0.7);
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    if (table.sum == row) rule(left, right, y, 0.5);
    for (std::size_t i = 0; i < std::min(table.rows[row].size(), starts.size()); ++i)
      setter.cell(table.rows[row][i], starts[i], starts[i] + widths[i], baseline(), i < table.texts, tails[i]);
    y += kLine * size;
  }
  rule(left, right, y, 1.1);
  if (table.note.empty()) return;
  const double note = 0.9 * size, wide = setter.width(table.note, 0.9), there = right - left;
  const double fitted = std::max(0.6 * note, std::min(note, 0.99 * note * there / wide));
  metrics.text.draw(canvas, {left, y + 1.3 * size}, metrics.text.elided(setter.text(table.note), fitted, there), fitted,
                    theme.muted, Align::left, false, 0, false);
}

}  // namespace bandscope::viz
