// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/figure/smoothing.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace bandscope::viz {
namespace {

std::vector<double> moving_average(std::span<const double> values, double momentum) {
  std::vector<double> out(values.size(), std::numeric_limits<double>::quiet_NaN());
  double sum = 0, weight = 0;  // their ratio is the bias-corrected average
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) continue;
    sum = momentum * sum + (1 - momentum) * values[i];
    weight = momentum * weight + (1 - momentum);
    out[i] = sum / weight;
  }
  return out;
}

std::vector<double> window_mean(std::span<const double> values, std::size_t rows) {
  std::vector<double> out(values.size(), std::numeric_limits<double>::quiet_NaN());
  const std::size_t before = (rows - 1) / 2, after = rows / 2;
  // A running sum would keep the rounding of every large value that ever passed through; adding up a compensated one
  // does not, and costs as little.
  double sum = 0, lost = 0;
  std::size_t count = 0, entered = 0, left = 0;
  const auto add = [&](double value) {
    const double corrected = value - lost, next = sum + corrected;
    lost = (next - sum) - corrected;
    sum = next;
  };
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (; entered < std::min(values.size(), i + after + 1); ++entered) {
      if (std::isfinite(values[entered])) add(values[entered]), ++count;
    }
    for (; left + before < i; ++left) {
      if (std::isfinite(values[left])) add(-values[left]), --count;
    }
    if (std::isfinite(values[i])) out[i] = sum / static_cast<double>(count);
  }
  return out;
}

}  // namespace

std::vector<double> smooth(std::span<const double> values, const Smoothing& smoothing) {
  switch (smoothing.kind) {
    case Smoothing::Kind::ema:
      return moving_average(values, std::clamp(smoothing.amount, 0.0, 0.999999));
    case Smoothing::Kind::window:
      return window_mean(values, static_cast<std::size_t>(std::clamp(
                                     smoothing.amount, 1.0, std::max(1.0, static_cast<double>(values.size())))));
    case Smoothing::Kind::none:
      break;
  }
  return {values.begin(), values.end()};
}

}  // namespace bandscope::viz
