// SPDX-License-Identifier: Apache-2.0
// Launchers of the CUDA kernels: plain pointers, so that nvcc reads no LibTorch header. All arrays lie on the device.
#pragma once

#include <cuda_runtime_api.h>

#include <cstdint>

#include "training/cuda/philox.h"
#include "training/cuda/settings.h"

namespace bandscope::cuda {

enum class Type { float32, bfloat16, float16 };

// Rows of logits (head.cu).

void log_probs(const void* logits, Type type, const std::int64_t* targets, std::int64_t rows, std::int64_t vocab,
               float* lse, float* log_probs, cudaStream_t stream);
void errors(void* logits, Type type, const std::int64_t* targets, const float* lse, std::int64_t rows,
            std::int64_t vocab, cudaStream_t stream);

// Whole gradients (gradients.cu).

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
/// target (+)= a w + b l, and, where they are not null, sum_w (+)= w and sum_l (+)= l; = with `overwrite`.
void add_branches(const float* w, const float* l, float a, float b, float* sum_w, float* sum_l, float* target,
                  bool overwrite, std::int64_t count, cudaStream_t stream);

// Rows of a decoder (rows.cu).

/// mask [rows, columns] of the draw; places [rows].
void dropout_mask(const std::int64_t* places, const DropoutDraw& draw, std::int64_t rows, std::int64_t columns,
                  void* mask, Type type, cudaStream_t stream);

/// x [rows, size] and the norm's weight and bias [size] (null: none), all of one type.
struct NormInput {
  const void* x;
  const void* weight;
  const void* bias;
  std::int64_t rows, size;
  Type type;
};
/// y, and the rows' mean (null for RMSNorm) and rstd, which are taken as they are with `given`.
void norm(const NormInput& input, const NormSettings& settings, bool given, float* mean, float* rstd, void* y,
          cudaStream_t stream);
void norm_backward(const NormInput& input, const NormSettings& settings, const float* mean, const float* rstd,
                   const void* gy, void* gx, cudaStream_t stream);
/// Rows that one partial sum of norm_sums takes.
std::int64_t norm_sum_rows(std::int64_t rows);
/// of_weight [chunks, size]: sums over a chunk's rows of gy (x - mean) rstd; of_bias (null: not wanted) of gy. Each row
/// multiplied by row_weights[row / rows_each], where that is not null.
void norm_sums(const NormInput& input, const float* mean, const float* rstd, const void* gy, const float* row_weights,
               std::int64_t rows_each, float* of_weight, float* of_bias, cudaStream_t stream);

/// x [rows, heads, d] with strides, y [rows, heads, d] contiguous; heads 0: there is no such tensor.
struct RotateItem {
  const void* x;
  void* y;
  std::int64_t row_stride, head_stride;
  int heads;
};
/// Rotates the first 2 half dimensions of each head of two tensors, whose rows have their angles in common: cos, sin
/// [rows, half].
void rotate(const RotateItem& first, const RotateItem& second, Type type, std::int64_t rows, int d, int half,
            const float* cos, const float* sin, bool inverse, cudaStream_t stream);

/// x and gated [rows, columns] with row strides; y, g and g_x contiguous.
struct GatedInput {
  const void* x;
  const void* gated;
  std::int64_t rows, columns, x_stride, gated_stride;
  Type type;
};
/// y = activation(x) gated.
void gate(const GatedInput& input, Activation activation, void* y, cudaStream_t stream);
/// g_x of g, which becomes the gradient of `gated`.
void gate_backward(const GatedInput& input, Activation activation, void* g, void* g_x, cudaStream_t stream);

/// y[i] = x[first[i]] + x[second[i]], rows of [heads, d]; nothing is added where an index is below 0, or where `second`
/// is null. x has strides, y [rows, heads, d] is contiguous.
void gather(const RotateItem& rows_of, Type type, std::int64_t rows, int d, const std::int64_t* first,
            const std::int64_t* second, cudaStream_t stream);

// Weights in 4 bits (nf4.cu).

/// A matrix as training/quant/nf4.h has it. absmax: codes where nested_map is not null, else float32.
struct Nf4Input {
  const std::uint8_t* packed;
  const void* absmax;
  const float* nested_absmax;
  const float* nested_map;
  const float* offset;
  std::int64_t block, nested_block, values;
};
/// code [16], in host memory.
void dequantize_nf4(const Nf4Input& input, const float* code, void* out, Type type, cudaStream_t stream);

}  // namespace bandscope::cuda
