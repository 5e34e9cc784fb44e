// SPDX-License-Identifier: Apache-2.0
// Rows of a made-up run whose every value follows from its step, so that a reader can check each one.
#pragma once

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "core/record/record_reader.h"
#include "core/record/record_writer.h"

namespace record_rows {

inline constexpr int batch = 8;

inline double value_of(std::int64_t step, int column) { return static_cast<double>(step) * 100 + column + 0.25; }

inline bandscope::StepRow step_row(std::int64_t step) {
  bandscope::StepRow row;
  row.step = step;
  for (int i = 0; i < bandscope::column_count; ++i) row.values[static_cast<std::size_t>(i)] = value_of(step, i);
  return row;
}

inline bandscope::PairRow pair_row(std::int64_t step, int index) {
  const double at = static_cast<double>(step) + index / 16.0;
  bandscope::PairRow row{step,      step * batch + index, -at,       -2 * at, -3 * at, -4 * at, 0.5 * at,
                         0.25 * at, 10 + index,           20 + index};
  row.row_l = 7 * step + index;
  return row;
}

inline std::vector<bandscope::PairRow> pair_rows(std::int64_t step) {
  std::vector<bandscope::PairRow> rows;
  for (int i = 0; i < batch; ++i) rows.push_back(pair_row(step, i));
  return rows;
}

inline bandscope::LayerRow layer_row(std::int64_t step) {
  const double at = static_cast<double>(step);
  return {step, {at, at + 1}, {at + 2, at + 3}, {at + 4, at + 5}};
}

inline bool same(const bandscope::PairRow& a, const bandscope::PairRow& b) {
  return a.step == b.step && a.row == b.row && a.z_w == b.z_w && a.z_l == b.z_l && a.z_w_ref == b.z_w_ref &&
         a.z_l_ref == b.z_l_ref && a.d_w == b.d_w && a.d_l == b.d_l && a.tokens_w == b.tokens_w &&
         a.tokens_l == b.tokens_l && a.row_l == b.row_l;
}

/// Steps 1, 2, … with the values above in every column and 8 pairs each; -1 or the first step that is wrong.
inline std::int64_t first_wrong_step(const bandscope::RecordReader& reader) {
  const auto numbers = reader.step_numbers();
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (numbers[i] != static_cast<std::int64_t>(i) + 1) return static_cast<std::int64_t>(i) + 1;
  for (int column = 0; column < bandscope::column_count; ++column) {
    const auto values = reader.column(static_cast<bandscope::Column>(column));
    for (std::size_t i = 0; i < numbers.size(); ++i)
      if (values[i] != value_of(numbers[i], column)) return numbers[i];
  }
  const auto pairs = reader.pair_rows();
  for (std::size_t i = 0; i < pairs.size(); ++i)
    if (!same(pairs[i], pair_row(static_cast<std::int64_t>(i) / batch + 1, static_cast<int>(i) % batch)))
      return static_cast<std::int64_t>(i) / batch + 1;
  return -1;
}

inline const char* spec = "[run]\nname = \"gemacht\"\n\n[objective]\nname = \"dpo\"\n";
inline const char* environment = "{\"host\": \"örtlich\"}";

/// A finished record of these rows with two layers, an event and a probe.
inline void write_record(const std::filesystem::path& path, std::int64_t steps) {
  auto writer = bandscope::RecordWriter::create(path, {spec, environment, {"layer 0", "layer 1"}});
  for (std::int64_t step = 1; step <= steps; ++step) {
    const auto row = layer_row(step);
    writer.append_step(step_row(step), pair_rows(step), &row);
  }
  writer.append_event({1, 0, "note", bandscope::Message::plain("a")});
  writer.append_probe({0, -1, -2, 1, 0.5});
  writer.set_status(bandscope::RunState::done);
  writer.close();
}

}  // namespace record_rows
