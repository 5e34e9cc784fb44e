// SPDX-License-Identifier: Apache-2.0
#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <algorithm>

#include "training/cuda/module/kernels.h"
#include "training/cuda/module/online_softmax.h"

namespace bandscope::cuda {
namespace {

constexpr int row_threads = 512;
constexpr int flat_threads = 256;
constexpr unsigned whole_warp = 0xffffffffU;

__device__ float wide(float x) { return x; }
__device__ float wide(__nv_bfloat16 x) { return __bfloat162float(x); }
__device__ float wide(__half x) { return __half2float(x); }
__device__ void narrow(float x, float& y) { y = x; }
__device__ void narrow(float x, __nv_bfloat16& y) { y = __float2bfloat16(x); }
__device__ void narrow(float x, __half& y) { y = __float2half(x); }

/// One block per row.
template <class T>
__global__ void log_probs_kernel(const T* logits, const std::int64_t* targets, std::int64_t vocab, float* lse,
                                 float* log_probs) {
  const std::int64_t row = blockIdx.x;
  const T* own = logits + row * vocab;
  OnlineSoftmax state;
  for (std::int64_t i = threadIdx.x; i < vocab; i += blockDim.x) state.add(wide(own[i]));
  for (int offset = 16; offset > 0; offset /= 2) {
    OnlineSoftmax other;
    other.largest = __shfl_down_sync(whole_warp, state.largest, offset);
    other.sum = __shfl_down_sync(whole_warp, state.sum, offset);
    state.merge(other);
  }
  __shared__ OnlineSoftmax of_warps[row_threads / 32];
  if (threadIdx.x % 32 == 0) of_warps[threadIdx.x / 32] = state;
  __syncthreads();
  if (threadIdx.x != 0) return;
  for (int warp = 1; warp < row_threads / 32; ++warp) state.merge(of_warps[warp]);
  const float total = state.log_sum_exp();
  lse[row] = total;
  log_probs[row] = wide(own[targets[row]]) - total;
}

template <class T>
__global__ void errors_kernel(T* logits, const std::int64_t* targets, const float* lse, std::int64_t vocab) {
  const std::int64_t row = blockIdx.x, target = targets[row];
  T* own = logits + row * vocab;
  const float total = lse[row];
  for (std::int64_t i = threadIdx.x; i < vocab; i += blockDim.x) {
    const float p = expf(wide(own[i]) - total);
    narrow(i == target ? p - 1.0F : p, own[i]);
  }
}

/// A thread per four columns of a row.
template <class T>
__global__ void dropout_kernel(const std::int64_t* places, DropoutDraw draw, std::int64_t columns,
                               std::int64_t blocks_of_row, std::int64_t blocks, T* mask) {
  const std::int64_t stride = std::int64_t{gridDim.x} * blockDim.x;
  for (std::int64_t i = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x; i < blocks; i += stride) {
    const std::int64_t row = i / blocks_of_row, block = i % blocks_of_row;
    const PhiloxWords words = dropout_words(draw, places[row], static_cast<std::uint32_t>(block));
    T* own = mask + row * columns;
    for (int k = 0; k < 4; ++k)
      if (4 * block + k < columns) narrow(words.word[k] < draw.threshold ? draw.kept : 0.0F, own[4 * block + k]);
  }
}

/// Sums over a block of flat_threads; the result is in thread 0.
__device__ void block_sums(double (&values)[3]) {
  __shared__ double of_warps[3][flat_threads / 32];
  for (double& value : values)
    for (int offset = 16; offset > 0; offset /= 2) value += __shfl_down_sync(whole_warp, value, offset);
  if (threadIdx.x % 32 == 0)
    for (int k = 0; k < 3; ++k) of_warps[k][threadIdx.x / 32] = values[k];
  __syncthreads();
  if (threadIdx.x != 0) return;
  for (int k = 0; k < 3; ++k)
    for (int warp = 1; warp < flat_threads / 32; ++warp) values[k] += of_warps[k][warp];
}

__host__ __device__ unsigned flat_grid(std::int64_t count, std::int64_t most) {
  const std::int64_t blocks = (count + flat_threads - 1) / flat_threads;
  return static_cast<unsigned>(blocks < 1 ? 1 : blocks > most ? most : blocks);
}

/// A row of blocks per item. Every block sums the same elements in the same order in every run, whatever the other
/// items are.
__global__ void partial_products(const ProductItem* items, double* partials) {
  const ProductItem item = items[blockIdx.y];
  const unsigned blocks = flat_grid(item.count, product_blocks);
  if (blockIdx.x >= blocks) return;
  double* partial = partials + product_workspace * blockIdx.y;
  double values[3] = {0, 0, 0};
  const std::int64_t stride = std::int64_t{blocks} * blockDim.x;
  for (std::int64_t i = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x; i < item.count; i += stride) {
    const double x = item.a[i], y = item.b[i];
    values[0] += x * x;
    values[1] += y * y;
    values[2] += x * y;
  }
  block_sums(values);
  if (threadIdx.x == 0)
    for (int k = 0; k < 3; ++k) partial[3 * blockIdx.x + k] = values[k];
}

/// A block per item.
__global__ void total_products(const ProductItem* items, const double* partials, double* out) {
  const int blocks = static_cast<int>(flat_grid(items[blockIdx.x].count, product_blocks));
  const double* partial = partials + product_workspace * blockIdx.x;
  double values[3] = {0, 0, 0};
  for (int i = static_cast<int>(threadIdx.x); i < blocks; i += flat_threads)
    for (int k = 0; k < 3; ++k) values[k] += partial[3 * i + k];
  block_sums(values);
  if (threadIdx.x == 0)
    for (int k = 0; k < 3; ++k) out[3 * std::int64_t{blockIdx.x} + k] = values[k];
}

template <class Launch>
void for_type(Type type, void* data, const Launch& launch) {
  switch (type) {
    case Type::float32:
      launch(static_cast<float*>(data));
      break;
    case Type::bfloat16:
      launch(static_cast<__nv_bfloat16*>(data));
      break;
    case Type::float16:
      launch(static_cast<__half*>(data));
      break;
  }
}

}  // namespace

void log_probs(const void* logits, Type type, const std::int64_t* targets, std::int64_t rows, std::int64_t vocab,
               float* lse, float* log_probs, cudaStream_t stream) {
  if (rows == 0) return;
  for_type(type, const_cast<void*>(logits), [&](const auto* data) {
    log_probs_kernel<<<static_cast<unsigned>(rows), row_threads, 0, stream>>>(data, targets, vocab, lse, log_probs);
  });
}

void errors(void* logits, Type type, const std::int64_t* targets, const float* lse, std::int64_t rows,
            std::int64_t vocab, cudaStream_t stream) {
  if (rows == 0) return;
  for_type(type, logits, [&](auto* data) {
    errors_kernel<<<static_cast<unsigned>(rows), row_threads, 0, stream>>>(data, targets, lse, vocab);
  });
}

void dropout_mask(const std::int64_t* places, const DropoutDraw& draw, std::int64_t rows, std::int64_t columns,
                  void* mask, Type type, cudaStream_t stream) {
  if (rows == 0 || columns == 0) return;
  const std::int64_t blocks_of_row = (columns + 3) / 4, blocks = rows * blocks_of_row;
  for_type(type, mask, [&](auto* data) {
    dropout_kernel<<<flat_grid(blocks, 4096), flat_threads, 0, stream>>>(places, draw, columns, blocks_of_row, blocks,
                                                                         data);
  });
}

void products(const ProductItem* items, std::int64_t number, std::int64_t longest, double* workspace, double* out,
              cudaStream_t stream) {
  constexpr std::int64_t most_rows = 65535;  // of a grid
  const unsigned columns = flat_grid(longest, product_blocks);
  for (std::int64_t first = 0; first < number; first += most_rows) {
    const auto rows = static_cast<unsigned>(std::min(most_rows, number - first));
    double* own = workspace + product_workspace * first;
    partial_products<<<dim3(columns, rows), flat_threads, 0, stream>>>(items + first, own);
    total_products<<<rows, flat_threads, 0, stream>>>(items + first, own, out + 3 * first);
  }
}

}  // namespace bandscope::cuda
