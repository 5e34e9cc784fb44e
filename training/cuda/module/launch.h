// SPDX-License-Identifier: Apache-2.0
// How the kernels are launched. Their sources are CUDA for nvcc, and plain C++ for the test that runs them on the
// host's threads (tests/training/cuda_on_host.h, which is included first and says what a launch is there).
#pragma once

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime_api.h>

#include <cstdint>

#include "training/cuda/module/kernels.h"

namespace bandscope::cuda {

#ifdef __CUDACC__
template <class... Parameters, class... Arguments>
void launch(void (*kernel)(Parameters...), dim3 grid, unsigned threads, cudaStream_t stream, Arguments... arguments) {
  kernel<<<grid, threads, 0, stream>>>(arguments...);
}
#endif

constexpr int flat_threads = 256;

/// Blocks of flat_threads for `count` elements; with more than `most` each thread takes several.
__host__ __device__ inline unsigned flat_grid(std::int64_t count, std::int64_t most) {
  const std::int64_t blocks = (count + flat_threads - 1) / flat_threads;
  return static_cast<unsigned>(blocks < 1 ? 1 : blocks > most ? most : blocks);
}

inline bool aligned(const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer) % 16 == 0; }

/// launch(T{}) with the C++ type.
template <class Launch>
void for_type(Type type, const Launch& launch) {
  switch (type) {
    case Type::float32:
      launch(float{});
      break;
    case Type::bfloat16:
      launch(__nv_bfloat16{});
      break;
    case Type::float16:
      launch(__half{});
      break;
  }
}

// Arithmetic is in float32, whatever type the values are kept in.
__device__ inline float wide(float x) { return x; }
__device__ inline float wide(__nv_bfloat16 x) { return __bfloat162float(x); }
__device__ inline float wide(__half x) { return __half2float(x); }
__device__ inline void narrow(float x, float& y) { y = x; }
__device__ inline void narrow(float x, __nv_bfloat16& y) { y = __float2bfloat16(x); }
__device__ inline void narrow(float x, __half& y) { y = __float2half(x); }
/// As it would come back from a tensor of T.
template <class T>
__device__ float rounded(float x) {
  T y;
  narrow(x, y);
  return wide(y);
}

/// `width` neighbours that are read and written in one access, 16 bytes at most.
template <class T, int width>
struct alignas(sizeof(T) * width) Run {
  T item[width];
};
template <class T>
constexpr int widest = 16 / sizeof(T);
template <int width, class T>
__device__ Run<T, width> load(const T* from) {
  return *reinterpret_cast<const Run<T, width>*>(from);
}
template <int width, class T>
__device__ void store(T* to, const Run<T, width>& run) {
  *reinterpret_cast<Run<T, width>*>(to) = run;
}

constexpr unsigned whole_warp = 0xffffffffU;
constexpr int most_warps = 32;

/// Sums over the threads of a block (whole warps of them), in one order in every run; every thread gets them.
template <int count, class T>
__device__ void block_totals(T (&values)[count]) {
  __shared__ T of_warps[count][most_warps];
  const int warps = static_cast<int>(blockDim.x) / 32;
  for (T& value : values)
    for (int offset = 16; offset > 0; offset /= 2) value += __shfl_down_sync(whole_warp, value, offset);
  if (threadIdx.x % 32 == 0)
    for (int k = 0; k < count; ++k) of_warps[k][threadIdx.x / 32] = values[k];
  __syncthreads();
  for (int k = 0; k < count; ++k) {
    values[k] = of_warps[k][0];
    for (int warp = 1; warp < warps; ++warp) values[k] += of_warps[k][warp];
  }
  __syncthreads();  // before the next sums take their place
}

}  // namespace bandscope::cuda
