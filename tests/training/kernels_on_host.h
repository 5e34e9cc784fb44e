// SPDX-License-Identifier: Apache-2.0
// The CUDA module's kernels for the CPU's tensors.
#pragma once

#include "training/cuda/device_kernels.h"

namespace bandscope::cuda {

const Kernels& kernels_on_host();
/// Launches since the program began.
std::int64_t launches_on_host();

/// While it lives, the model takes them in place of operators and of the CPU's own loops.
class OnHost {
 public:
  OnHost() { use_on_host(&kernels_on_host()); }
  ~OnHost() { use_on_host(nullptr); }
  OnHost(const OnHost&) = delete;
  OnHost& operator=(const OnHost&) = delete;
};

}  // namespace bandscope::cuda
