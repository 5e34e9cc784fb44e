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

const Kernels& kernels_on_host() { return all_kernels; }

std::int64_t launches_on_host() { return launches(); }

}  // namespace bandscope::cuda
