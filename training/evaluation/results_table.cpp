// SPDX-License-Identifier: Apache-2.0
// Results as a table for a terminal.
#include <cmath>

#include "core/input/printable.h"
#include "training/evaluation/results.h"

namespace bandscope::evaluation {
namespace {

std::string fixed(double value, bool sign = false) {
  char text[64];
  std::snprintf(text, sizeof text, sign ? "%+.4f" : "%.4f", value);
  return text;
}

std::string with_error(double value, const std::optional<double>& error, bool sign = false) {
  return fixed(value, sign) + (error ? " ± " + fixed(*error) : "");
}

/// Cells a terminal needs for a text.
std::size_t width_of(const std::string& text) {
  std::size_t width = 0;
  for (const char c : text) width += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return width;
}

std::string aligned(const std::vector<std::vector<std::string>>& rows, std::size_t left) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string blanks(widths[i] - width_of(row[i]), ' ');
      line += (i == 0 ? "" : "  ") + (i < left ? row[i] + blanks : blanks + row[i]);
    }
    while (line.ends_with(' ')) line.pop_back();
    out += line + "\n";
  }
  return out;
}

}  // namespace

std::string results_table(const std::vector<std::pair<std::string, std::vector<MetricValue>>>& models) {
  std::vector<std::vector<std::string>> rows = {{"Task", "Filter", "Metric", "n"}};
  for (std::size_t m = 0; m < models.size(); ++m) {
    rows[0].push_back(printable(models[m].first));
    if (m > 0) rows[0].push_back("Δ");
  }
  if (models.empty()) return {};
  for (const MetricValue& first : models.front().second) {
    std::vector<std::string> row = {printable(first.group ? first.alias + " (group)" : first.alias),
                                    printable(first.filter), first.metric, std::to_string(first.samples)};
    for (std::size_t m = 0; m < models.size(); ++m) {
      const MetricValue* own = nullptr;
      for (const MetricValue& value : models[m].second)
        if (value.task == first.task && value.metric == first.metric && value.filter == first.filter) own = &value;
      row.push_back(own ? with_error(own->mean.value, own->mean.error) : "");
      if (m == 0) continue;
      std::optional<double> error;
      if (own && own->mean.error && first.mean.error) error = std::hypot(*own->mean.error, *first.mean.error);
      row.push_back(own ? with_error(own->mean.value - first.mean.value, error, true) : "");
    }
    rows.push_back(std::move(row));
  }
  return aligned(rows, 3);
}

}  // namespace bandscope::evaluation
