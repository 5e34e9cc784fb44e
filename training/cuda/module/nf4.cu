// SPDX-License-Identifier: Apache-2.0
// Weights in 4 bits written out in full, both levels of their quantisation in one pass.
#include "training/cuda/module/launch.h"

namespace bandscope::cuda {
namespace {

struct Nf4Code {
  float value[16];
};

/// Magnitude of a block. Products and sums are rounded one by one, as the library's kernel and the addition after it
/// round them.
__device__ float magnitude(const Nf4Input& in, std::int64_t block) {
  if (!in.nested_map) return static_cast<const float*>(in.absmax)[block];
  const float scaled = __fmul_rn(in.nested_map[static_cast<const std::uint8_t*>(in.absmax)[block]],
                                 in.nested_absmax[block / in.nested_block]);
  return __fadd_rn(scaled, *in.offset);
}

/// A thread per eight values, which never lie in two blocks.
template <class T>
__global__ void nf4_kernel(Nf4Input in, Nf4Code code, T* out) {
  __shared__ float table[16];
  if (threadIdx.x < 16) table[threadIdx.x] = code.value[threadIdx.x];
  __syncthreads();
  const std::int64_t runs = (in.values + 7) / 8, stride = std::int64_t{gridDim.x} * blockDim.x;
  for (std::int64_t i = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x; i < runs; i += stride) {
    const float by = magnitude(in, 8 * i / in.block);
    if (8 * i + 8 > in.values) {
      for (std::int64_t at = 8 * i; at < in.values; ++at)
        narrow(table[at % 2 == 0 ? in.packed[at / 2] >> 4 : in.packed[at / 2] & 15] * by, out[at]);
      break;
    }
    const Run<std::uint8_t, 4> packed = load<4>(in.packed + 4 * i);
    constexpr int width = widest<T>;  // 4 or 8
    Run<T, width> run;
    for (int begin = 0; begin < 8; begin += width) {
      for (int k = 0; k < width; ++k) {
        const int at = begin + k, byte = packed.item[at / 2];
        narrow(table[at % 2 == 0 ? byte >> 4 : byte & 15] * by, run.item[k]);
      }
      store(out + 8 * i + begin, run);
    }
  }
}

}  // namespace

void dequantize_nf4(const Nf4Input& input, const float* code, void* out, Type type, cudaStream_t stream) {
  if (input.values == 0) return;
  Nf4Code table;
  for (int i = 0; i < 16; ++i) table.value[i] = code[i];
  for_type(type, [&](auto zero) {
    using T = decltype(zero);
    launch(nf4_kernel<T>, flat_grid((input.values + 7) / 8, 8192), flat_threads, stream, input, table,
           static_cast<T*>(out));
  });
}

}  // namespace bandscope::cuda
