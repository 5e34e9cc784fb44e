// SPDX-License-Identifier: Apache-2.0
// LayerNorm and RMSNorm of rows, forward, backward, and the gradients of their weights.
#include <algorithm>
#include <initializer_list>

#include "training/cuda/module/launch.h"

namespace bandscope::cuda {
namespace {

/// The factor of column i.
template <class T>
__device__ float factor(T weight, const NormSettings& settings) {
  return wide(weight) + (settings.plus_one ? 1.0F : 0.0F);
}

/// A block per row. The row is read again for each sum, out of the cache. What is not the row's own is read value by
/// value: where weights happen to begin must not decide in which order a row is summed.
template <class T, int width>
__global__ void norm_kernel(const T* x, const T* weight, const T* bias, std::int64_t size, NormSettings settings,
                            bool given, float* mean, float* rstd, T* y) {
  const std::int64_t row = blockIdx.x, runs = size / width;
  const T* own = x + row * size;
  float centre = 0, scale = 0;
  if (given) {
    centre = settings.centred ? mean[row] : 0.0F;
    scale = rstd[row];
  } else {
    float sum[1] = {0};
    if (settings.centred) {
      for (std::int64_t i = threadIdx.x; i < runs; i += blockDim.x) {
        const Run<T, width> run = load<width>(own + i * width);
        for (int k = 0; k < width; ++k) sum[0] += wide(run.item[k]);
      }
      block_totals(sum);
      centre = sum[0] / static_cast<float>(size);
      sum[0] = 0;
    }
    for (std::int64_t i = threadIdx.x; i < runs; i += blockDim.x) {
      const Run<T, width> run = load<width>(own + i * width);
      for (int k = 0; k < width; ++k) {
        const float from = wide(run.item[k]) - centre;
        sum[0] += from * from;
      }
    }
    block_totals(sum);
    scale = 1.0F / sqrtf(sum[0] / static_cast<float>(size) + settings.eps);
    if (threadIdx.x == 0) {
      rstd[row] = scale;
      if (settings.centred) mean[row] = centre;
    }
  }
  for (std::int64_t i = threadIdx.x; i < runs; i += blockDim.x) {
    const Run<T, width> run = load<width>(own + i * width);
    Run<T, width> out;
    for (int k = 0; k < width; ++k) {
      const float unit = (wide(run.item[k]) - centre) * scale, by = factor(weight[i * width + k], settings);
      if (settings.rounds_first)
        narrow(rounded<T>(unit) * rounded<T>(by), out.item[k]);
      else
        narrow(bias ? wide(bias[i * width + k]) + unit * by : unit * by, out.item[k]);
    }
    store(y + row * size + i * width, out);
  }
}

/// A block per row.
template <class T, int width>
__global__ void norm_backward_kernel(const T* gy, const T* x, const T* weight, std::int64_t size, NormSettings settings,
                                     const float* mean, const float* rstd, T* gx) {
  const std::int64_t row = blockIdx.x, runs = size / width;
  const T *own = x + row * size, *from = gy + row * size;
  const float centre = settings.centred ? mean[row] : 0.0F, scale = rstd[row];
  float sums[2] = {0, 0};  // of g unit and of g
  for (std::int64_t i = threadIdx.x; i < runs; i += blockDim.x) {
    const Run<T, width> run = load<width>(own + i * width), gradient = load<width>(from + i * width);
    for (int k = 0; k < width; ++k) {
      const float g = wide(gradient.item[k]) * factor(weight[i * width + k], settings);
      sums[0] += g * (wide(run.item[k]) - centre) * scale;
      sums[1] += g;
    }
  }
  block_totals(sums);
  const float along = sums[0] / static_cast<float>(size),
              shift = settings.centred ? sums[1] / static_cast<float>(size) : 0.0F;
  for (std::int64_t i = threadIdx.x; i < runs; i += blockDim.x) {
    const Run<T, width> run = load<width>(own + i * width), gradient = load<width>(from + i * width);
    Run<T, width> out;
    for (int k = 0; k < width; ++k) {
      const float g = wide(gradient.item[k]) * factor(weight[i * width + k], settings);
      narrow((g - (wide(run.item[k]) - centre) * scale * along - shift) * scale, out.item[k]);
    }
    store(gx + row * size + i * width, out);
  }
}

/// A thread per column, a row of blocks per chunk of rows.
template <class T>
__global__ void norm_sums_kernel(const T* gy, const T* x, std::int64_t rows, std::int64_t size, std::int64_t chunk,
                                 const float* mean, const float* rstd, const float* row_weights, std::int64_t rows_each,
                                 float* of_weight, float* of_bias) {
  const std::int64_t column = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (column >= size) return;
  const std::int64_t begin = blockIdx.y * chunk, end = begin + chunk < rows ? begin + chunk : rows;
  float sum = 0, plain = 0;
  for (std::int64_t row = begin; row < end; ++row) {
    const std::int64_t at = row * size + column;
    const float g = wide(gy[at]) * (row_weights ? row_weights[row / rows_each] : 1.0F);
    sum += g * (wide(x[at]) - (mean ? mean[row] : 0.0F)) * rstd[row];
    plain += g;
  }
  of_weight[blockIdx.y * size + column] = sum;
  if (of_bias) of_bias[blockIdx.y * size + column] = plain;
}

/// Threads that share a row: few for a head's, so that a multiprocessor works on many rows.
unsigned threads_of_row(std::int64_t size, int width) {
  const std::int64_t runs = size / width;
  return runs <= 64 ? 32 : runs <= 256 ? 128 : 256;
}

/// True when rows of T can be read 16 bytes at a time.
template <class T>
bool in_wide_runs(const NormInput& input, std::initializer_list<const void*> others) {
  bool result = input.size % widest<T> == 0 && aligned(input.x);
  for (const void* other : others) result = result && aligned(other);
  return result;
}

constexpr std::int64_t least_chunk = 32, most_chunks = 1024;

}  // namespace

void norm(const NormInput& input, const NormSettings& settings, bool given, float* mean, float* rstd, void* y,
          cudaStream_t stream) {
  if (input.rows == 0) return;
  for_type(input.type, [&](auto zero) {
    using T = decltype(zero);
    const auto go = [&](auto* kernel, int width) {
      launch(kernel, static_cast<unsigned>(input.rows), threads_of_row(input.size, width), stream,
             static_cast<const T*>(input.x), static_cast<const T*>(input.weight), static_cast<const T*>(input.bias),
             input.size, settings, given, mean, rstd, static_cast<T*>(y));
    };
    if (in_wide_runs<T>(input, {y}))
      go(norm_kernel<T, widest<T>>, widest<T>);
    else
      go(norm_kernel<T, 1>, 1);
  });
}

void norm_backward(const NormInput& input, const NormSettings& settings, const float* mean, const float* rstd,
                   const void* gy, void* gx, cudaStream_t stream) {
  if (input.rows == 0) return;
  for_type(input.type, [&](auto zero) {
    using T = decltype(zero);
    const auto go = [&](auto* kernel, int width) {
      launch(kernel, static_cast<unsigned>(input.rows), threads_of_row(input.size, width), stream,
             static_cast<const T*>(gy), static_cast<const T*>(input.x), static_cast<const T*>(input.weight), input.size,
             settings, mean, rstd, static_cast<T*>(gx));
    };
    if (in_wide_runs<T>(input, {gy, gx}))
      go(norm_backward_kernel<T, widest<T>>, widest<T>);
    else
      go(norm_backward_kernel<T, 1>, 1);
  });
}

std::int64_t norm_sum_rows(std::int64_t rows) { return std::max(least_chunk, (rows + most_chunks - 1) / most_chunks); }

void norm_sums(const NormInput& input, const float* mean, const float* rstd, const void* gy, const float* row_weights,
               std::int64_t rows_each, float* of_weight, float* of_bias, cudaStream_t stream) {
  if (input.rows == 0) return;
  const std::int64_t chunk = norm_sum_rows(input.rows);
  const unsigned threads = input.size <= 64 ? 64 : 128;
  const dim3 grid(static_cast<unsigned>((input.size + threads - 1) / threads),
                  static_cast<unsigned>((input.rows + chunk - 1) / chunk));
  for_type(input.type, [&](auto zero) {
    using T = decltype(zero);
    launch(norm_sums_kernel<T>, grid, threads, stream, static_cast<const T*>(gy), static_cast<const T*>(input.x),
           input.rows, input.size, chunk, mean, rstd, row_weights, rows_each, of_weight, of_bias);
  });
}

}  // namespace bandscope::cuda
