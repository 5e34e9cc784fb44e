// SPDX-License-Identifier: Apache-2.0
#include "training/likelihood/softmax_rows.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include "training/cuda/device_kernels.h"

namespace bandscope::likelihood {

SoftmaxRows::SoftmaxRows(at::Tensor logits, at::Tensor targets)
    : values_(std::move(logits)), targets_(std::move(targets)) {
  const cuda::DeviceKernels* device = values_.is_cuda() ? cuda::device_kernels() : nullptr;
  if (device) {
    device->log_probs(values_, targets_, lse_, log_probs_);
    return;
  }
  if (values_.scalar_type() == at::kFloat) {
    at::log_softmax_out(values_, values_, -1);
  } else {
    values_ = at::log_softmax(values_, -1, at::kFloat);
  }
  log_probs_ = values_.gather(1, targets_.unsqueeze(1)).squeeze(1);
}

at::Tensor SoftmaxRows::log_softmax() const {
  return lse_.defined() ? values_.to(at::kFloat) - lse_.unsqueeze(1) : values_;
}

at::Tensor SoftmaxRows::errors(at::ScalarType type, const at::Tensor& less) {
  if (lse_.defined() && !less.defined()) {
    cuda::device_kernels()->errors(values_, targets_, lse_);
    return std::move(values_).to(type);
  }
  at::Tensor rows = lse_.defined() ? log_softmax() : std::move(values_);
  values_ = at::Tensor();
  rows.exp_();
  rows.scatter_add_(1, targets_.unsqueeze(1), at::full({targets_.size(0), 1}, -1.0, rows.options()));
  if (less.defined()) rows.sub_(less);
  return rows.to(type);
}

}  // namespace bandscope::likelihood
