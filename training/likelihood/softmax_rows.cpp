// SPDX-License-Identifier: Apache-2.0
#include "training/likelihood/softmax_rows.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include "training/cuda/device_kernels.h"

namespace bandscope::likelihood {

at::Tensor cap_logits(at::Tensor logits, double cap) {
  if (cap > 0) logits.div_(cap).tanh_().mul_(cap);
  return logits;
}

SoftmaxRows::SoftmaxRows(at::Tensor logits, at::Tensor targets, double cap)
    : values_(cap_logits(std::move(logits), cap)), targets_(std::move(targets)), cap_(cap) {
  if (const cuda::Kernels* kernels = cuda::kernels_of(values_)) {
    kernels->log_probs(values_, targets_, lse_, log_probs_);
    if (cap_ > 0) shift_ = lse_.unsqueeze(1);
    return;
  }
  const at::Tensor column = targets_.unsqueeze(1);
  if (cap_ > 0) shift_ = values_.gather(1, column).to(at::kFloat);
  if (values_.scalar_type() == at::kFloat) {
    at::log_softmax_out(values_, values_, -1);
  } else {
    values_ = at::log_softmax(values_, -1, at::kFloat);
  }
  log_probs_ = values_.gather(1, column).squeeze(1);
  if (cap_ > 0) shift_.sub_(log_probs_.unsqueeze(1));
}

at::Tensor SoftmaxRows::log_softmax() const {
  return lse_.defined() ? values_.to(at::kFloat) - lse_.unsqueeze(1) : values_;
}

at::Tensor SoftmaxRows::errors(at::ScalarType type, const at::Tensor& less) {
  if (lse_.defined() && !less.defined() && cap_ == 0) {
    cuda::kernels_of(values_)->errors(values_, targets_, lse_);
    return std::move(values_).to(type);
  }
  at::Tensor rows = lse_.defined() ? log_softmax() : std::move(values_);
  values_ = at::Tensor();
  at::Tensor slopes;
  if (cap_ > 0) slopes = (rows + shift_).div_(cap_).square_().neg_().add_(1.0);
  rows.exp_();
  rows.scatter_add_(1, targets_.unsqueeze(1), at::full({targets_.size(0), 1}, -1.0, rows.options()));
  if (less.defined()) rows.sub_(less);
  if (cap_ > 0) rows.mul_(slopes);
  return rows.to(type);
}

}  // namespace bandscope::likelihood
