// SPDX-License-Identifier: Apache-2.0
#include "training/model/rope.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <cmath>
#include <numbers>

namespace bandscope::model {

at::Tensor inverse_frequencies(const RopeConfig& rope) {
  const std::int64_t half = rope.dimensions / 2;
  at::Tensor result = at::empty({half}, at::TensorOptions().dtype(at::kFloat));
  auto* values = result.mutable_data_ptr<float>();
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
    values[i] = static_cast<float>(frequency);
  }
  return result;
}

std::pair<at::Tensor, at::Tensor> rope_tables(const at::Tensor& inverse, const at::Tensor& positions) {
  const at::Tensor angles = positions.to(at::kFloat).unsqueeze(1) * inverse.unsqueeze(0);
  return {angles.cos(), angles.sin()};
}

}  // namespace bandscope::model
