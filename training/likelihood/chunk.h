// SPDX-License-Identifier: Apache-2.0
// How many rows of logits the head holds at a time. The policy's pass, the reference's and the plan's memory go by the
// same number, so that all of them form the same groups of pairs.
#pragma once

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

#include <algorithm>
#include <cstdint>

namespace bandscope::likelihood {

struct HeadChunk {
  std::int64_t bytes = std::int64_t{96} << 20;  ///< of logits
  std::int64_t of_logit = sizeof(float);        ///< bytes that one takes as long as its group is worked on

  /// Rows of `vocabulary` logits that fit, at least one.
  std::int64_t rows(std::int64_t vocabulary) const {
    return std::max<std::int64_t>(1, bytes / (vocabulary * of_logit));
  }
};

/// Of a head that computes in `compute` on such a device. The CPU turns logits into float32, and groups beyond its
/// cache gain nothing. A GPU's kernels keep them in compute type and make their gradients where they lie; it needs
/// larger products to be busy, and every group is a wait of the host (training/model/waits.md).
inline HeadChunk head_chunk(c10::DeviceType device, c10::ScalarType compute) {
  if (device != c10::DeviceType::CUDA) return {};
  return {std::int64_t{1} << 30, static_cast<std::int64_t>(c10::elementSize(compute))};
}

}  // namespace bandscope::likelihood
