// SPDX-License-Identifier: Apache-2.0
// Rows of the head against float64, on any device and with whatever kernels are in force.
#pragma once

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <string>

#include "training/likelihood/softmax_rows.h"

/// "" or what is wrong: log-probabilities of targets, log-softmax, and errors with and without what they are less.
inline std::string softmax_rows_differ(at::Device device, at::ScalarType type) {
  at::manual_seed(2);
  const at::Tensor logits = (at::randn({9, 1003}) * 5).to(type), targets = at::randint(1003, {9}, at::kLong);
  const at::Tensor expected = at::log_softmax(logits.to(at::kDouble), -1), less = at::rand({9, 1003}) * 0.1;
  const double step = type == at::kFloat ? 1e-5 : 1e-2;
  const auto off = [](const at::Tensor& own, const at::Tensor& other) {
    return (own.cpu().to(at::kDouble) - other).abs().max().item<double>();
  };
  for (const bool with_less : {false, true}) {
    bandscope::likelihood::SoftmaxRows rows(logits.clone().to(device), targets.to(device));
    if (!(off(rows.log_probs(), expected.gather(1, targets.unsqueeze(1)).squeeze(1)) < 1e-4)) return "log_probs";
    if (!(off(rows.log_softmax(), expected) < 1e-4)) return "log_softmax";
    at::Tensor error = expected.exp().scatter_add(1, targets.unsqueeze(1), at::full({9, 1}, -1.0, at::kDouble));
    if (with_less) error = error - less;
    const at::Tensor own = rows.errors(type, with_less ? less.to(device) : at::Tensor());
    if (own.scalar_type() != type) return "type of errors";
    if (!(off(own, error) < step)) return with_less ? "errors less something" : "errors";
  }
  return "";
}
