// SPDX-License-Identifier: Apache-2.0
// Makers of c10d's backends, in a file of their own: only it sees Gloo's and NCCL's headers.
#pragma once

#include <torch/csrc/distributed/c10d/Backend.hpp>
#include <torch/csrc/distributed/c10d/Store.hpp>

#include "training/parallel/launch.h"

namespace bandscope::parallel {

/// Throws RunError where this build has no Gloo.
c10::intrusive_ptr<c10d::Backend> make_gloo(const c10::intrusive_ptr<c10d::Store>& store, const Launch& launch,
                                            std::chrono::milliseconds timeout);
/// False where the CUDA module (training/cuda) is not loaded or has no NCCL.
bool has_nccl();
/// nullptr without it.
c10::intrusive_ptr<c10d::Backend> make_nccl(const c10::intrusive_ptr<c10d::Store>& store, const Launch& launch,
                                            std::chrono::milliseconds timeout);

/// What the module has for it.
using MakeNccl = c10::intrusive_ptr<c10d::Backend>(const c10::intrusive_ptr<c10d::Store>& store, int rank, int size,
                                                   std::chrono::milliseconds timeout);
inline constexpr const char* make_nccl_symbol = "bandscope_make_nccl";

}  // namespace bandscope::parallel
