// SPDX-License-Identifier: Apache-2.0
// The part of the CUDA module that makes NCCL's backend: found by its name once the module is loaded.
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>

#include "training/parallel/backends.h"

// C linkage only fixes the name; caller and callee are built together.
extern "C" __attribute__((visibility("default"))) c10::intrusive_ptr<c10d::Backend> bandscope_make_nccl(
    const c10::intrusive_ptr<c10d::Store>& store, int rank, int size, std::chrono::milliseconds timeout) {
  auto options = c10d::ProcessGroupNCCL::Options::create();
  options->timeout = timeout;
  return c10::make_intrusive<c10d::ProcessGroupNCCL>(store, rank, size, options);
}
