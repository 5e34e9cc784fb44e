// SPDX-License-Identifier: Apache-2.0
#include "training/model/rope.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace bandscope::model {

namespace {

/// YaRN (Peng et al., 2023): the share of its own frequency that each pair of dimensions keeps; the rest is stretched.
std::vector<double> kept_shares(const RopeConfig& rope) {
  const auto dimensions = static_cast<double>(rope.dimensions);
  const auto dimension_of = [&](double turns) {
    return dimensions * std::log(rope.original_max_position / (turns * 2.0 * std::numbers::pi)) /
           (2.0 * std::log(rope.theta));
  };
  double low = dimension_of(rope.beta_fast), high = dimension_of(rope.beta_slow);
  if (rope.truncate) low = std::floor(low), high = std::ceil(high);
  low = std::max(low, 0.0), high = std::min(high, dimensions - 1.0);
  if (low == high) high += 0.001;
  std::vector<double> shares;
  for (std::int64_t i = 0; i < rope.dimensions / 2; ++i)
    shares.push_back(1.0 - std::clamp((static_cast<double>(i) - low) / (high - low), 0.0, 1.0));
  return shares;
}

}  // namespace

at::Tensor inverse_frequencies(const RopeConfig& rope) {
  const std::int64_t half = rope.dimensions / 2;
  at::Tensor result = at::empty({half}, at::TensorOptions().dtype(at::kFloat));
  auto* values = result.mutable_data_ptr<float>();
  const std::vector<double> kept = rope.scaling == RopeScaling::yarn ? kept_shares(rope) : std::vector<double>();
  for (std::int64_t i = 0; i < half; ++i) {
    const double exponent = 2.0 * static_cast<double>(i) / static_cast<double>(rope.dimensions);
    double frequency = 1.0 / std::pow(rope.theta, exponent);
    if (rope.scaling == RopeScaling::linear) frequency /= rope.factor;
    if (rope.scaling == RopeScaling::llama3) {
      // Long wavelengths are stretched by `factor`, short ones kept, those between blended.
      const double wavelength = 2.0 * std::numbers::pi / frequency;
      const double turns = rope.original_max_position / wavelength;
      const double blend = (turns - rope.low_freq_factor) / (rope.high_freq_factor - rope.low_freq_factor);
      const double share = std::clamp(blend, 0.0, 1.0);
      frequency = (1.0 - share) * frequency / rope.factor + share * frequency;
    }
    if (rope.scaling == RopeScaling::yarn) {
      const double share = kept[static_cast<std::size_t>(i)];
      frequency = (1.0 - share) * frequency / rope.factor + share * frequency;
    }
    values[i] = static_cast<float>(frequency);
  }
  return result;
}

std::pair<at::Tensor, at::Tensor> rope_tables(const at::Tensor& inverse, const at::Tensor& positions, double factor) {
  const at::Tensor angles = positions.to(at::kFloat).unsqueeze(1) * inverse.unsqueeze(0);
  if (factor == 1.0) return {angles.cos(), angles.sin()};
  return {angles.cos() * factor, angles.sin() * factor};
}

}  // namespace bandscope::model
