// SPDX-License-Identifier: Apache-2.0
// The part of the CUDA module that makes NCCL's backend: found by its name once the module is loaded.
#include <cstdlib>
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>

#include "training/parallel/backends.h"

// C linkage only fixes the name; caller and callee are built together.
extern "C" __attribute__((visibility("default"))) c10::intrusive_ptr<c10d::Backend> bandscope_make_nccl(
    const c10::intrusive_ptr<c10d::Store>& store, int rank, int size, std::chrono::milliseconds timeout) {
  // A lost process is an exception where its gradients are waited for, so that the others can write a checkpoint: not
  // the end of the program by NCCL's own watchdog or its monitor. What the user has set stays.
  ::setenv("TORCH_NCCL_BLOCKING_WAIT", "1", 0);
  ::setenv("TORCH_NCCL_ASYNC_ERROR_HANDLING", "0", 0);
  ::setenv("TORCH_NCCL_ENABLE_MONITORING", "0", 0);
  auto options = c10d::ProcessGroupNCCL::Options::create();
  options->timeout = timeout;
  return c10::make_intrusive<c10d::ProcessGroupNCCL>(store, rank, size, options);
}
