// SPDX-License-Identifier: Apache-2.0
// Whole gradients: their norms and inner products, and both branches' sums.
#include <algorithm>

#include "training/cuda/module/launch.h"

namespace bandscope::cuda {
namespace {

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
  block_totals(values);
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
  block_totals(values);
  if (threadIdx.x == 0)
    for (int k = 0; k < 3; ++k) out[3 * std::int64_t{blockIdx.x} + k] = values[k];
}

__global__ void add_branches_kernel(const float* w, const float* l, float a, float b, float* sum_w, float* sum_l,
                                    float* target, bool overwrite, std::int64_t count) {
  const std::int64_t stride = std::int64_t{gridDim.x} * blockDim.x;
  for (std::int64_t i = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x; i < count; i += stride) {
    const float x = w[i], y = l[i], sum = a * x + b * y;
    target[i] = overwrite ? sum : target[i] + sum;
    if (sum_w) sum_w[i] = overwrite ? x : sum_w[i] + x;
    if (sum_l) sum_l[i] = overwrite ? y : sum_l[i] + y;
  }
}

}  // namespace

void products(const ProductItem* items, std::int64_t number, std::int64_t longest, double* workspace, double* out,
              cudaStream_t stream) {
  constexpr std::int64_t most_rows = 65535;  // of a grid
  const unsigned columns = flat_grid(longest, product_blocks);
  for (std::int64_t first = 0; first < number; first += most_rows) {
    const auto rows = static_cast<unsigned>(std::min(most_rows, number - first));
    double* own = workspace + product_workspace * first;
    launch(partial_products, dim3(columns, rows), flat_threads, stream, items + first, own);
    launch(total_products, rows, flat_threads, stream, items + first, own, out + 3 * first);
  }
}

void add_branches(const float* w, const float* l, float a, float b, float* sum_w, float* sum_l, float* target,
                  bool overwrite, std::int64_t count, cudaStream_t stream) {
  if (count == 0) return;
  launch(add_branches_kernel, flat_grid(count, 4096), flat_threads, stream, w, l, a, b, sum_w, sum_l, target, overwrite,
         count);
}

}  // namespace bandscope::cuda
