// SPDX-License-Identifier: Apache-2.0
// The devices of this machine with their memory, without loading anything of CUDA.
#pragma once

#include <string_view>
#include <vector>

#include "core/serve/protocol.h"

namespace bandscope::serve {

/// The CPU, and the GPUs that this process may use; what the driver's nvidia-smi says of them, where there is one.
std::vector<wire::Device> devices_here();

/// Of `nvidia-smi --query-gpu=index,uuid,name,memory.total,memory.free --format=csv,noheader,nounits`, the GPUs of
/// `visible` (indices or UUIDs, as in CUDA_VISIBLE_DEVICES), as cuda:0, cuda:1, … in that order.
std::vector<wire::Device> gpus_of(std::string_view table, const std::vector<std::string>& visible);

}  // namespace bandscope::serve
