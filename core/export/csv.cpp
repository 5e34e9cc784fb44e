// SPDX-License-Identifier: Apache-2.0
#include "core/export/csv.h"

#include <charconv>
#include <cmath>

namespace bandscope {

void append_csv(std::string& line, double value) {
  if (std::isnan(value)) {
    line += "nan";
    return;
  }
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value);
  line.append(buffer, end.ptr);
}

void append_csv(std::string& line, std::string_view text) {
  if (text.find_first_of(",\"\n\r") == std::string_view::npos) {
    line += text;
    return;
  }
  line += '"';
  for (const char c : text) {
    if (c == '"') line += '"';
    line += c;
  }
  line += '"';
}

std::string csv_header(const TableBlock& block) {
  std::string line = "run";
  for (const TableColumn& column : block) {
    line += ',';
    append_csv(line, column.name);
  }
  return line + '\n';
}

std::string csv_lines(const std::string& run, const TableBlock& block) {
  if (block.empty()) return {};
  std::string lines, name;
  append_csv(name, run);
  const std::size_t rows = std::visit([](const auto& cells) { return cells.size(); }, block.front().cells);
  for (std::size_t row = 0; row < rows; ++row) {
    lines += name;
    for (const TableColumn& column : block) {
      lines += ',';
      if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&column.cells))
        lines += std::to_string((*integers)[row]);
      else if (const auto* numbers = std::get_if<std::vector<double>>(&column.cells))
        append_csv(lines, (*numbers)[row]);
      else
        append_csv(lines, std::get<std::vector<std::string>>(column.cells)[row]);
    }
    lines += '\n';
  }
  return lines;
}

}  // namespace bandscope
