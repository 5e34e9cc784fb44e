// SPDX-License-Identifier: Apache-2.0
// Softmax of rows of logits, as the head needs it: log-probabilities of the targets first, p - onehot later, in the
// memory of the logits.
#pragma once

#include <ATen/core/Tensor.h>

namespace bandscope::likelihood {

class SoftmaxRows {
 public:
  SoftmaxRows() = default;
  /// Takes over `logits` [n, vocab] (any float type, contiguous). `targets` [n] int64. With a `cap` the softmax is that
  /// of cap_logits(logits).
  SoftmaxRows(at::Tensor logits, at::Tensor targets, double cap = 0.0);

  /// Of the targets, [n] float32.
  const at::Tensor& log_probs() const { return log_probs_; }
  /// log-softmax, [n, vocab] float32.
  at::Tensor log_softmax() const;
  /// softmax - onehot(targets) - `less` (where defined, float32), in `type`: the negative gradient of the targets'
  /// log-probabilities with respect to the logits as they were given. `less` is about the capped ones. Uses the rows
  /// up.
  at::Tensor errors(at::ScalarType type, const at::Tensor& less = {});

 private:
  at::Tensor values_;  // logits where lse_ is defined, else log-softmax in float32
  at::Tensor lse_;     // [n] float32
  at::Tensor targets_, log_probs_;
  double cap_ = 0.0;
  at::Tensor shift_;  // with a cap: [n, 1], what makes logits of log-softmax
};

/// cap tanh(logits / cap) in place; the logits as they are where there is no cap.
at::Tensor cap_logits(at::Tensor logits, double cap);

}  // namespace bandscope::likelihood
