// SPDX-License-Identifier: Apache-2.0
// The calibrated gradient of a step, -alpha d_w S_w + d_l S_l / alpha: out of the branches' gradients where they were
// taken apart, else in one backward pass with those factors in its cotangents.
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <torch/csrc/autograd/autograd.h>

#include "training/model/kernels.h"
#include "training/model/matrix_products.h"
#include "training/model/to_device.h"
#include "training/step/pass.h"
#include "training/step/step.h"

namespace bandscope::step {
namespace {

/// One factor per pair spread over the pair's response rows, [T, 1] float32.
at::Tensor spread_over_responses(std::span<const model::ResponseSpan> spans, std::span<const double> per_pair,
                                 at::Device device) {
  std::vector<float> values;
  for (std::size_t i = 0; i < spans.size(); ++i)
    values.insert(values.end(), static_cast<std::size_t>(spans[i].length), static_cast<float>(per_pair[i]));
  return model::to_device(values, at::kFloat, device).unsqueeze(1);
}

}  // namespace

model::BranchFactors StepEngine::factors(const Incentives& d, double alpha) const {
  return {-alpha * d.d_w * plan_.share(), d.d_l * plan_.share() / alpha};
}

void StepEngine::combine(std::span<model::Parameter* const> parameters, double alpha, model::Slot w, model::Slot l,
                         const Incentives& d) {
  const model::BranchFactors own = factors(d, alpha);
  for (model::Parameter* parameter : parameters) parameter->combine(model::Slot::train, own.w, w, own.l, l);
}

void StepEngine::combine_branches(Pass& pass) {
  // Packed together only the output projection's branches are apart: the rest comes with backward_together().
  model::Parameter* const head = &policy_.head();
  std::span<model::Parameter* const> parameters;
  if (plan_.apart)
    parameters = trained_;
  else if (head_trained_)
    parameters = {&head, 1};
  const double alpha = pass.alphas[0];
  if (plan_.weighted)
    combine(parameters, alpha, model::Slot::branch_w, model::Slot::branch_l, {1.0, 1.0});
  else
    combine(parameters, alpha, model::Slot::score_w, model::Slot::score_l, pass.head.incentives[0]);
}

void StepEngine::backward_together(Pass& pass) {
  pass.context.route = {};
  pass.context.route.plain = model::Slot::train;
  const double part = plan_.share() / static_cast<double>(plan_.micro_batch);  // 1 / pairs of the step
  const auto cotangent = [&](const at::Tensor& unit, std::span<const model::ResponseSpan> spans, bool chosen) {
    std::vector<double> factors;
    for (std::size_t i = 0; i < spans.size(); ++i) {
      const Incentives& d = pass.head.incentives[i];
      factors.push_back((chosen ? -pass.alphas[i] * d.d_w : d.d_l / pass.alphas[i]) * part);
    }
    return model::scaled_rows(unit, spread_over_responses(spans, factors, unit.device()));
  };
  const std::vector<at::Tensor> roots = {pass.states_w, pass.states_l};
  const std::vector<at::Tensor> cotangents = {cotangent(pass.head.cotangent_w, pass.row.spans_w, true),
                                              cotangent(pass.head.cotangent_l, pass.row.spans_l, false)};
  if (!pass.hidden.tail_leaf.defined()) {
    torch::autograd::backward(roots, cotangents);
    return;
  }
  const auto below = torch::autograd::grad(roots, {pass.hidden.tail_leaf}, cotangents);
  torch::autograd::backward({pass.hidden.tail_source}, {below[0]});
}

}  // namespace bandscope::step
