// SPDX-License-Identifier: Apache-2.0
// Launchers of the CUDA kernels: plain pointers, so that nvcc reads no LibTorch header. All arrays lie on the device.
#pragma once

#include <cuda_runtime_api.h>

#include <cstdint>

#include "training/cuda/philox.h"

namespace bandscope::cuda {

enum class Type { float32, bfloat16, float16 };

void log_probs(const void* logits, Type type, const std::int64_t* targets, std::int64_t rows, std::int64_t vocab,
               float* lse, float* log_probs, cudaStream_t stream);
void errors(void* logits, Type type, const std::int64_t* targets, const float* lse, std::int64_t rows,
            std::int64_t vocab, cudaStream_t stream);
/// mask [rows, columns] of the draw; places [rows].
void dropout_mask(const std::int64_t* places, const DropoutDraw& draw, std::int64_t rows, std::int64_t columns,
                  void* mask, Type type, cudaStream_t stream);
/// Two arrays of `count` values.
struct ProductItem {
  const float* a;
  const float* b;
  std::int64_t count;
};
/// Doubles of workspace that `products` needs of each item.
constexpr std::int64_t product_blocks = 512;
constexpr std::int64_t product_workspace = 3 * product_blocks;
/// out[3 i .. 3 i + 2] = ||a||^2, ||b||^2, <a, b> of item i, all of them in one launch and one for their totals.
/// `items` lie on the device; `longest` is the greatest of their counts.
void products(const ProductItem* items, std::int64_t number, std::int64_t longest, double* workspace, double* out,
              cudaStream_t stream);

}  // namespace bandscope::cuda
