// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/figure/derived.h"

#include <algorithm>
#include <cmath>

namespace bandscope::viz {

Samples smoothed(const Samples& samples, const Smoothing& smoothing) {
  return samples.derive(smoothing.kind == Smoothing::Kind::ema ? 1 : 2, smoothing.amount,
                        [&] { return smooth(samples.values(), smoothing); });
}

Samples changes(const Samples& samples, const Smoothing& smoothing) {
  const Samples source = smoothing.active() ? smoothed(samples, smoothing) : samples;
  return source.derive(3, 0, [&] {
    std::vector<double> out(source.values().begin(), source.values().end());
    double start = 0;
    for (const double value : out) {
      if (!std::isfinite(value)) continue;
      start = value;
      break;
    }
    for (double& value : out) value -= start;
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
