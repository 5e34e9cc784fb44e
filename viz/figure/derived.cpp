// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/figure/derived.h"

#include <algorithm>
#include <cmath>

namespace bandscope::viz {

double columns_there(const RunData& run, std::initializer_list<Column> columns) {
  double there = 0;
  for (const Column column : columns) there = 2 * there + (run.has(column) ? 1 : 0);
  return there;
}

Samples smoothed(const Samples& samples, const Smoothing& smoothing) {
  return samples.derive(smoothing.kind == Smoothing::Kind::ema ? 1 : 2, smoothing.amount,
                        [&] { return smooth(samples.values(), smoothing); });
}

Samples changes(const Samples& samples) {
  return samples.derive(3, 0, [&] {
    std::vector<double> out(samples.values().begin(), samples.values().end());
    const auto start = std::find_if(out.begin(), out.end(), [](double value) { return std::isfinite(value); });
    const double origin = start == out.end() ? 0.0 : *start;
    for (double& value : out) value -= origin;
    return out;
  });
}

Samples differences(const Samples& samples, const Samples& reference) {
  const std::size_t rows = std::min(samples.size(), reference.size());
  return samples.derive(5, static_cast<double>(rows), [&] {
    std::vector<double> out(rows);
    for (std::size_t row = 0; row < rows; ++row) out[row] = samples[row] - reference[row];
    return out;
  });
}

Samples scaled(const Samples& samples, double factor) {
  return samples.derive(6, factor, [&] {
    std::vector<double> out(samples.values().begin(), samples.values().end());
    for (double& value : out) value *= factor;
    return out;
  });
}

Samples rates(const Samples& amounts, const Samples& seconds) {
  const std::size_t rows = std::min(amounts.size(), seconds.size());
  return amounts.derive(7, static_cast<double>(rows), [&] {
    std::vector<double> out(rows);
    for (std::size_t row = 0; row < rows; ++row) out[row] = seconds[row] > 0 ? amounts[row] / seconds[row] : NAN;
    return out;
  });
}

Samples outside_band(const RunData& run) {
  const Samples applied = run.column(Column::log_r_applied);
  const Samples lower = run.column(Column::band_lower), upper = run.column(Column::band_upper);
  const std::size_t rows = std::min({applied.size(), lower.size(), upper.size()});
  return applied.derive(4, static_cast<double>(rows), [&] {
    std::vector<double> out;
    for (std::size_t row = 0; row < rows; ++row) {
      // A comparison with NaN is false: an undefined ratio or band is not outside.
      if (applied[row] < lower[row] || applied[row] > upper[row]) out.push_back(run.steps[row]);
    }
    return out;
  });
}

}  // namespace bandscope::viz
