// SPDX-License-Identifier: Apache-2.0
#include "training/model/row_kernels.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define BANDSCOPE_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define BANDSCOPE_CLONES
#endif

namespace bandscope::model {
namespace {

constexpr std::int64_t rows_per_part = 32;  // of the weight gradient's partial sums

/// exp(x) to about one unit in the last place. Loops around it need "omp simd": without it the choices below become
/// branches, and every element is computed for itself.
[[gnu::always_inline]] inline float fast_exp(float x) {
  x = x < -87.0F ? -87.0F : x;
  x = x > 88.0F ? 88.0F : x;
  const float shifted = x * 1.44269504F + 12582912.0F;  // rounds to an integer in the low bits
  const float n = shifted - 12582912.0F;
  const float r = (x - n * 0.693359375F) + n * 2.12194440e-4F;
  float p = 1.9875691500e-4F;
  p = p * r + 1.3981999507e-3F;
  p = p * r + 8.3334519073e-3F;
  p = p * r + 4.1665795894e-2F;
  p = p * r + 1.6666665459e-1F;
  p = p * r + 5.0000001201e-1F;
  p = p * r * r + r + 1.0F;
  const auto exponent = std::bit_cast<std::int32_t>(shifted) - std::bit_cast<std::int32_t>(12582912.0F);
  return p * std::bit_cast<float>((exponent + 127) << 23);
}

BANDSCOPE_CLONES float sum_of_squares(const float* x, std::int64_t size) {
  float sums[16] = {};
  std::int64_t i = 0;
  for (; i + 16 <= size; i += 16)
    for (int j = 0; j < 16; ++j) sums[j] += x[i + j] * x[i + j];
  for (; i < size; ++i) sums[0] += x[i] * x[i];
  float total = 0;
  for (float sum : sums) total += sum;
  return total;
}

BANDSCOPE_CLONES void scale_row(float* y, const float* x, const float* weight, float factor, std::int64_t size) {
  for (std::int64_t i = 0; i < size; ++i) y[i] = x[i] * factor * weight[i];
}

/// sum of gy weight (x rstd), then gx = (gy weight - x rstd along) rstd; part += gy x rstd.
BANDSCOPE_CLONES void rms_backward_row(float* gx, float* part, const float* gy, const float* x, const float* weight,
                                       float rstd, std::int64_t size) {
  float sums[16] = {};
  std::int64_t i = 0;
  for (; i + 16 <= size; i += 16)
    for (int j = 0; j < 16; ++j) sums[j] += gy[i + j] * weight[i + j] * x[i + j];
  for (; i < size; ++i) sums[0] += gy[i] * weight[i] * x[i];
  float along = 0;
  for (float sum : sums) along += sum;
  along *= rstd / static_cast<float>(size);
  for (i = 0; i < size; ++i) {
    const float unit = x[i] * rstd;
    gx[i] = (gy[i] * weight[i] - unit * along) * rstd;
  }
  if (part)
    for (i = 0; i < size; ++i) part[i] += gy[i] * x[i] * rstd;
}

BANDSCOPE_CLONES void swiglu_run(float* out, const float* gate, const float* up, std::int64_t count) {
#pragma omp simd
  for (std::int64_t i = 0; i < count; ++i) out[i] = gate[i] / (1.0F + fast_exp(-gate[i])) * up[i];
}

BANDSCOPE_CLONES void swiglu_backward_run(float* g_gate, float* g_up, const float* gate, const float* up,
                                          std::int64_t count) {
#pragma omp simd
  for (std::int64_t i = 0; i < count; ++i) {
    const float sigmoid = 1.0F / (1.0F + fast_exp(-gate[i])), g = g_up[i];
    g_gate[i] = g * up[i] * sigmoid * (1.0F + gate[i] * (1.0F - sigmoid));
    g_up[i] = g * gate[i] * sigmoid;
  }
}

BANDSCOPE_CLONES void rotate_run(float* y, const float* x, const float* cos, const float* sin, float sign,
                                 std::int64_t half) {
  for (std::int64_t i = 0; i < half; ++i) {
    const float a = x[i], b = x[i + half], s = sign * sin[i];
    y[i] = a * cos[i] - b * s;
    y[i + half] = b * cos[i] + a * s;
  }
}

/// Elements for which a second thread is worth its waking, as LibTorch's own loops have it.
constexpr std::int64_t grain = 1 << 15;
std::int64_t grain_of(std::int64_t elements_each) {
  return std::max<std::int64_t>(1, grain / std::max<std::int64_t>(1, elements_each));
}

template <class Body>
void over_rows(std::int64_t rows, std::int64_t width, const Body& body) {
  at::parallel_for(0, rows, grain_of(width), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) body(row);
  });
}

template <class Body>
void over_elements(std::int64_t count, const Body& body) {
  at::parallel_for(0, count, grain, body);
}

}  // namespace

bool fused(std::initializer_list<at::Tensor> tensors) {
  for (const at::Tensor& t : tensors)
    if (!t.is_cpu() || t.scalar_type() != at::kFloat || !t.is_contiguous()) return false;
  return true;
}

at::Tensor rms_norm_rows(const at::Tensor& x, const at::Tensor& weight, double eps, at::Tensor& rstd) {
  const std::int64_t size = x.size(1);
  rstd = at::empty({x.size(0), 1}, x.options());
  at::Tensor y = at::empty_like(x);
  const auto *in = x.const_data_ptr<float>(), *w = weight.const_data_ptr<float>();
  auto *out = y.mutable_data_ptr<float>(), *factors = rstd.mutable_data_ptr<float>();
  over_rows(x.size(0), size, [&](std::int64_t row) {
    const float mean = sum_of_squares(in + row * size, size) / static_cast<float>(size);
    factors[row] = 1.0F / std::sqrt(mean + static_cast<float>(eps));
    scale_row(out + row * size, in + row * size, w, factors[row], size);
  });
  return y;
}

at::Tensor rms_norm_rows_again(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& rstd) {
  const std::int64_t size = x.size(1);
  at::Tensor y = at::empty_like(x);
  const auto *in = x.const_data_ptr<float>(), *w = weight.const_data_ptr<float>(),
             *factors = rstd.const_data_ptr<float>();
  auto* out = y.mutable_data_ptr<float>();
  over_rows(x.size(0), size,
            [&](std::int64_t row) { scale_row(out + row * size, in + row * size, w, factors[row], size); });
  return y;
}

void rms_norm_rows_backward(const at::Tensor& gy, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& rstd,
                            at::Tensor& gx, at::Tensor& g_weight) {
  const std::int64_t rows = x.size(0), size = x.size(1), parts = (rows + rows_per_part - 1) / rows_per_part;
  const bool wants_weight = g_weight.defined();
  std::vector<float> sums(wants_weight ? static_cast<std::size_t>(parts * size) : 0, 0.0F);
  const auto *g = gy.const_data_ptr<float>(), *in = x.const_data_ptr<float>(), *w = weight.const_data_ptr<float>(),
             *factors = rstd.const_data_ptr<float>();
  auto* out = gx.mutable_data_ptr<float>();
  at::parallel_for(0, parts, grain_of(rows_per_part * size), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t part = begin; part < end; ++part)
      for (std::int64_t row = part * rows_per_part; row < std::min(rows, (part + 1) * rows_per_part); ++row)
        rms_backward_row(out + row * size, wants_weight ? sums.data() + part * size : nullptr, g + row * size,
                         in + row * size, w, factors[row], size);
  });
  if (wants_weight) {
    auto* total = g_weight.mutable_data_ptr<float>();
    for (std::int64_t part = 0; part < parts; ++part)
      for (std::int64_t i = 0; i < size; ++i) total[i] += sums[static_cast<std::size_t>(part * size + i)];
  }
}

at::Tensor swiglu_rows(const at::Tensor& gate, const at::Tensor& up) {
  at::Tensor y = at::empty_like(gate);
  const auto *a = gate.const_data_ptr<float>(), *b = up.const_data_ptr<float>();
  auto* out = y.mutable_data_ptr<float>();
  over_elements(gate.numel(), [&](std::int64_t begin, std::int64_t end) {
    swiglu_run(out + begin, a + begin, b + begin, end - begin);
  });
  return y;
}

void swiglu_rows_backward(at::Tensor& g_inner, const at::Tensor& gate, const at::Tensor& up, at::Tensor& g_gate) {
  const auto *a = gate.const_data_ptr<float>(), *b = up.const_data_ptr<float>();
  auto *g = g_inner.mutable_data_ptr<float>(), *out = g_gate.mutable_data_ptr<float>();
  over_elements(gate.numel(), [&](std::int64_t begin, std::int64_t end) {
    swiglu_backward_run(out + begin, g + begin, a + begin, b + begin, end - begin);
  });
}

void rotate_rows(const at::Tensor& x, const at::Tensor& cos, const at::Tensor& sin, bool inverse, at::Tensor& y) {
  const std::int64_t heads = x.size(1), d = x.size(2), half = cos.size(1), row_stride = x.stride(0),
                     head_stride = x.stride(1);
  const auto *in = x.const_data_ptr<float>(), *c = cos.const_data_ptr<float>(), *s = sin.const_data_ptr<float>();
  auto* out = y.mutable_data_ptr<float>();
  over_rows(x.size(0), heads * d, [&](std::int64_t row) {
    for (std::int64_t head = 0; head < heads; ++head) {
      const float* from = in + row * row_stride + head * head_stride;
      float* to = out + (row * heads + head) * d;
      rotate_run(to, from, c + row * half, s + row * half, inverse ? -1.0F : 1.0F, half);
      std::copy(from + 2 * half, from + d, to + 2 * half);
    }
  });
}

}  // namespace bandscope::model
