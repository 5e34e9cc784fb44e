// SPDX-License-Identifier: Apache-2.0
// What the head has of a branch while it works on some pairs, and how values travel between it and the host.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "training/model/packed_row.h"
#include "training/model/to_device.h"

namespace bandscope::likelihood {

/// The responses of one branch of a group of consecutive pairs.
struct BranchRows {
  at::Tensor states, targets;              // of the group
  std::vector<model::ResponseSpan> spans;  // relative to the group
  std::vector<float> log_probs;            // of the group
  std::vector<float> kl;                   // KL per position; empty unless asked for
  std::int64_t rows() const { return states.size(0); }
};

/// Waits for a GPU.
inline std::vector<float> to_host(const at::Tensor& values) {
  const at::Tensor host = values.to(at::kCPU, at::kFloat).contiguous();
  return {host.const_data_ptr<float>(), host.const_data_ptr<float>() + host.numel()};
}

/// [n, 1] float32 on the device.
inline at::Tensor to_column(const std::vector<float>& values, at::Device device) {
  return model::to_device(values, at::kFloat, device).unsqueeze(1);
}

}  // namespace bandscope::likelihood
