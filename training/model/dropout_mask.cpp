// SPDX-License-Identifier: Apache-2.0
#include "training/model/dropout_mask.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <algorithm>

#include "training/cuda/device_kernels.h"

namespace bandscope::model {
namespace {

/// A bijection of 64 bits in which every bit of x reaches every bit of the result (SplitMix64).
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

}  // namespace

cuda::DropoutDraw dropout_draw(const Dropout& dropout, int layer) {
  const double keep = 1.0 - dropout.share;
  constexpr double words = 4294967296.0;
  cuda::DropoutDraw draw;
  draw.key = mixed(mixed(dropout.seed) ^ static_cast<std::uint64_t>(dropout.step));
  draw.layer = static_cast<std::uint32_t>(layer);
  draw.threshold = static_cast<std::uint32_t>(std::min(keep * words, words - 1));
  draw.kept = static_cast<float>(1.0 / keep);
  return draw;
}

at::Tensor dropout_mask(const Dropout& dropout, int layer, std::int64_t columns, at::ScalarType type) {
  const cuda::DropoutDraw draw = dropout_draw(dropout, layer);
  const std::int64_t rows = dropout.places.size(0);
  if (const cuda::Kernels* kernels = cuda::kernels_of(dropout.places)) {
    at::Tensor mask = at::empty({rows, columns}, dropout.places.options().dtype(type));
    kernels->dropout_mask(dropout.places, draw, mask);
    return mask;
  }
  const at::Tensor mask = at::empty({rows, columns}, at::TensorOptions().dtype(at::kFloat));
  auto* values = mask.mutable_data_ptr<float>();
  const auto* places = dropout.places.const_data_ptr<std::int64_t>();
  constexpr std::int64_t rows_of_a_task = 16;
  at::parallel_for(0, rows, rows_of_a_task, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      float* own = values + row * columns;
      for (std::int64_t column = 0; column < columns; column += 4) {
        const cuda::PhiloxWords words = cuda::dropout_words(draw, places[row], static_cast<std::uint32_t>(column / 4));
        const std::int64_t count = std::min<std::int64_t>(4, columns - column);
        for (std::int64_t i = 0; i < count; ++i) own[column + i] = words.word[i] < draw.threshold ? draw.kept : 0.0F;
      }
    }
  });
  return mask.to(type);
}

}  // namespace bandscope::model
