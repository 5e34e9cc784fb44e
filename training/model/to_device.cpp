// SPDX-License-Identifier: Apache-2.0
#include "training/model/to_device.h"

#include <ATen/Functions.h>

namespace bandscope::model {
namespace {

template <class T>
at::Tensor copied(std::span<const T> values, at::ScalarType own, at::ScalarType type, at::Device device) {
  const at::Tensor there = at::from_blob(const_cast<T*>(values.data()), {static_cast<std::int64_t>(values.size())},
                                         at::TensorOptions().dtype(own));
  return to_device(there.to(type, /*non_blocking=*/false, /*copy=*/true), device);
}

}  // namespace

at::Tensor to_device(const at::Tensor& host, at::Device device) {
  return device.is_cuda() ? host.pin_memory().to(device, /*non_blocking=*/true) : host;
}

at::Tensor to_device(std::span<const std::int64_t> values, at::ScalarType type, at::Device device) {
  return copied(values, at::kLong, type, device);
}
at::Tensor to_device(std::span<const std::int32_t> values, at::ScalarType type, at::Device device) {
  return copied(values, at::kInt, type, device);
}
at::Tensor to_device(std::span<const float> values, at::ScalarType type, at::Device device) {
  return copied(values, at::kFloat, type, device);
}

}  // namespace bandscope::model
