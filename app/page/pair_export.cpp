// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/pair_export.h"

#include <charconv>
#include <cmath>

#include "app/page/pair_columns.h"

namespace bandscope::app {
namespace {

/// Rows that are put together before they are written.
constexpr int rows_at_once = 4096;

const char* place_key(BandPlace place) {
  switch (place) {
    case BandPlace::in:
      return "in";
    case BandPlace::below:
      return "below";
    case BandPlace::above:
      return "above";
    case BandPlace::undefined:
      break;
  }
  return "";
}

/// Shortest text that reads back as the same double; nothing where there is no value.
void append_number(QByteArray& out, double value) {
  if (std::isnan(value)) return;
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value);
  out.append(buffer, end.ptr - buffer);
}

/// A field that a spreadsheet takes as one. Pasted tables have no quotes that all understand: blanks stand for breaks.
QByteArray field(const QString& text, char separator) {
  if (separator == '\t') {
    QString flat = text;
    for (QChar& c : flat) {
      if (c == QLatin1Char('\t') || c == QLatin1Char('\n') || c == QLatin1Char('\r')) c = QLatin1Char(' ');
    }
    return flat.toUtf8();
  }
  QByteArray bytes = text.toUtf8();
  bool quoted = false;
  for (const char c : bytes) quoted = quoted || c == '"' || c == '\n' || c == '\r' || c == separator;
  return quoted ? '"' + bytes.replace('"', "\"\"") + '"' : bytes;
}

void append_cell(QByteArray& out, const PairRows& rows, std::size_t row, PairColumn column) {
  const PairCells& cells = column.side == PairSide::second ? rows.second[row] : rows.first[row];
  switch (column.value) {
    case PairValue::line:
      out += QByteArray::number(qint64(cells.row.row + 1));
      break;
    case PairValue::pathway:
      if (cells.pathway() != Pathway::undefined)
        out += QByteArray::fromStdString(std::string(to_string(cells.pathway())));
      break;
    case PairValue::band:
      out += place_key(cells.band);
      break;
    default:
      append_number(out, pair_number(rows, row, column));
  }
}

}  // namespace

bool write_pairs(QIODevice& out, const PairExport& pairs, const std::stop_token& stop) {
  std::vector<PairColumn> columns;
  for (const PairColumn column : pair_columns(pairs.rows->both)) {
    if (column.value != PairValue::text) columns.push_back(column);
  }
  const auto lines_of = [&](std::uint32_t row) {
    const PairRow& pair = pairs.rows->first[row].row;
    return PairLines{pair.row, pair.rejected_row()};
  };
  const bool two = std::ranges::any_of(pairs.order, [&](std::uint32_t row) { return lines_of(row).two(); });
  QByteArray part;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) part += pairs.separator;
    part += field(pair_column_key(columns[i], pairs.rows->both ? pairs.runs : QStringList()), pairs.separator);
  }
  if (two) part += pairs.separator + QByteArray("line_l");
  if (pairs.texts) {
    for (const char* name : {"prompt", "chosen", "rejected"}) part += pairs.separator + QByteArray(name);
    if (two) part += pairs.separator + QByteArray("rejected_prompt");
  }
  part += '\n';
  int held = 0;
  for (const std::uint32_t row : pairs.order) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) part += pairs.separator;
      append_cell(part, *pairs.rows, row, columns[i]);
    }
    const PairLines lines = lines_of(row);
    if (two) part += pairs.separator + QByteArray::number(lines.rejected + 1);
    if (pairs.texts) {
      const PairTextParts text = texts_of(*pairs.texts, lines);
      for (const QString* one : {&text.prompt, &text.chosen, &text.rejected})
        part += pairs.separator + field(*one, pairs.separator);
      if (two) part += pairs.separator + field(text.rejected_prompt, pairs.separator);
    }
    part += '\n';
    if (++held < rows_at_once) continue;
    if (stop.stop_requested() || out.write(part) != part.size()) return false;
    part.clear();
    held = 0;
  }
  return !stop.stop_requested() && out.write(part) == part.size();
}

}  // namespace bandscope::app
