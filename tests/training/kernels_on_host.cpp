// SPDX-License-Identifier: Apache-2.0
#define BANDSCOPE_KERNELS_ON_HOST
#include "tests/training/kernels_on_host.h"

#include "tests/training/cuda_on_host.h"
// The kernels' own sources, as nvcc and the module have them.
#include "training/cuda/module/gradients.cu"
#include "training/cuda/module/head.cu"
#include "training/cuda/module/nf4.cu"
#include "training/cuda/module/norms.cu"
#include "training/cuda/module/rows.cu"
#include "training/cuda/module/tensors.cpp"

namespace bandscope::cuda {

const Kernels& kernels_on_host() {
  static constexpr Kernels kernels = all_kernels;
  return kernels;
}

}  // namespace bandscope::cuda
