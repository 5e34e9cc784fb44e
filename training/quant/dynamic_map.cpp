// SPDX-License-Identifier: Apache-2.0
#include "training/quant/dynamic_map.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <algorithm>
#include <vector>

namespace bandscope::quant {

at::Tensor dynamic_map(bool is_signed) {
  constexpr double decades[] = {1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0};
  std::vector<float> values = {0.0f, 1.0f};
  for (int i = 0; i < 7; ++i) {
    // Each decade has twice the fractions of the one below it: 2^i of either sign, or 2^(i + 1) where there is no sign.
    const std::int64_t fractions = std::int64_t{1} << (is_signed ? i : i + 1);
    const at::Tensor bounds = at::linspace(0.1, 1.0, fractions + 1, at::kFloat);
    const at::Tensor means = (bounds.slice(0, 0, fractions) + bounds.slice(0, 1)) / 2.0;
    const at::Tensor scaled = means * decades[i];
    const auto* data = scaled.const_data_ptr<float>();
    for (std::int64_t k = 0; k < fractions; ++k) {
      values.push_back(data[k]);
      if (is_signed) values.push_back(-data[k]);
    }
  }
  std::sort(values.begin(), values.end());
  at::Tensor map = at::empty({static_cast<std::int64_t>(values.size())}, at::kFloat);
  std::copy(values.begin(), values.end(), map.mutable_data_ptr<float>());
  return map;
}

}  // namespace bandscope::quant
