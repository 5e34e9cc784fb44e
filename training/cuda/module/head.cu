// SPDX-License-Identifier: Apache-2.0
// Rows of logits: log-softmax of the targets, and the errors of it.
#include "training/cuda/module/launch.h"
#include "training/cuda/module/online_softmax.h"

namespace bandscope::cuda {
namespace {

constexpr int row_threads = 512;

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

}  // namespace

void log_probs(const void* logits, Type type, const std::int64_t* targets, std::int64_t rows, std::int64_t vocab,
               float* lse, float* log_probs, cudaStream_t stream) {
  if (rows == 0) return;
  for_type(type, [&](auto zero) {
    using T = decltype(zero);
    launch(log_probs_kernel<T>, static_cast<unsigned>(rows), row_threads, stream, static_cast<const T*>(logits),
           targets, vocab, lse, log_probs);
  });
}

void errors(void* logits, Type type, const std::int64_t* targets, const float* lse, std::int64_t rows,
            std::int64_t vocab, cudaStream_t stream) {
  if (rows == 0) return;
  for_type(type, [&](auto zero) {
    using T = decltype(zero);
    launch(errors_kernel<T>, static_cast<unsigned>(rows), row_threads, stream, static_cast<T*>(logits), targets, lse,
           vocab);
  });
}

}  // namespace bandscope::cuda
