// SPDX-License-Identifier: Apache-2.0
// Numbers of the host for a device, without waiting for it.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>

namespace bandscope::model {

/// `host` on `device`; itself on the CPU. To a GPU it goes through pinned memory, which LibTorch keeps until the device
/// has read it: the copy is in order with what is asked of the device next and holds nobody up.
at::Tensor to_device(const at::Tensor& host, at::Device device);

/// A copy of the values in `type`, [n].
at::Tensor to_device(std::span<const std::int64_t> values, at::ScalarType type, at::Device device);
at::Tensor to_device(std::span<const std::int32_t> values, at::ScalarType type, at::Device device);
at::Tensor to_device(std::span<const float> values, at::ScalarType type, at::Device device);

}  // namespace bandscope::model
