// SPDX-License-Identifier: Apache-2.0
// The calibrated gradient of a step, -alpha d_w S_w + d_l S_l / alpha: out of the branches' gradients where they were
// taken apart, else in one backward pass with those factors in its cotangents.
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>

#include "training/model/kernels.h"
#include "training/step/micro_batch.h"
#include "training/step/step.h"

namespace bandscope::step {
namespace {

/// One factor per pair spread over the pair's response rows, [T, 1].
at::Tensor spread_over_responses(std::span<const model::ResponseSpan> spans, std::span<const double> per_pair,
                                 const at::Tensor& like) {
  std::vector<float> values;
  for (std::size_t i = 0; i < spans.size(); ++i)
    values.insert(values.end(), static_cast<std::size_t>(spans[i].length), static_cast<float>(per_pair[i]));
  return at::from_blob(values.data(), {static_cast<std::int64_t>(values.size()), 1},
                       at::TensorOptions().dtype(at::kFloat))
      .to(like.device(), like.scalar_type(), false, true);
}

std::vector<double> branch_of(std::span<const Incentives> incentives, bool chosen, double factor) {
  std::vector<double> result;
  for (const Incentives& d : incentives) result.push_back((chosen ? d.d_w : d.d_l) * factor);
  return result;
}

}  // namespace

void StepEngine::combine(std::span<model::Parameter* const> parameters, double alpha, model::Slot w, model::Slot l,
                         const Incentives& d) {
  for (model::Parameter* parameter : parameters)
    parameter->combine(model::Slot::train, -alpha * d.d_w * plan_.share(), w, d.d_l * plan_.share() / alpha, l);
}

void StepEngine::combine_branches(MicroBatch& micro) {
  // Packed together only the output projection's branches are apart: the rest comes with backward_together().
  model::Parameter* const head = &policy_.head();
  std::span<model::Parameter* const> parameters;
  if (plan_.apart)
    parameters = trained_;
  else if (head_trained_)
    parameters = {&head, 1};
  if (plan_.weighted)
    combine(parameters, micro.alpha, model::Slot::branch_w, model::Slot::branch_l, {1.0, 1.0});
  else
    combine(parameters, micro.alpha, micro.score_w, micro.score_l, micro.head.incentives[0]);
}

void StepEngine::combine_in_twos(MicroBatch& micro) {
  const Incentives d = micro.head.incentives[0];
  waiting_.push_back(
      {micro.score_w, micro.score_l, -micro.alpha * d.d_w * plan_.share(), d.d_l * plan_.share() / micro.alpha});
  if (waiting_.size() < 2 && !micro.last) return;
  const bool whole = micro.last && group_.alone();  // the sums are the step's, and not one process's part of them
  for (model::Parameter* parameter : trained_) {
    if (const auto products =
            parameter->sum(waiting_, model::Slot::mean_w, model::Slot::mean_l, model::Slot::train, whole))
      step_products_[parameter] = *products;
    for (const model::Parameter::Branches& branches : waiting_)
      parameter->clear(branches.w), parameter->clear(branches.l);
  }
  waiting_.clear();
}

void StepEngine::backward_together(MicroBatch& micro) {
  micro.context.route = {};
  micro.context.route.plain = model::Slot::train;
  const double part = plan_.share() / static_cast<double>(micro.pairs.size());  // 1 / pairs of the step
  const auto cotangent = [&](const at::Tensor& unit, std::span<const model::ResponseSpan> spans, bool chosen) {
    const double factor = (chosen ? -micro.alpha : 1.0 / micro.alpha) * part;
    return unit * spread_over_responses(spans, branch_of(micro.head.incentives, chosen, factor), unit);
  };
  const std::vector<at::Tensor> roots = {micro.states_w, micro.states_l};
  const std::vector<at::Tensor> cotangents = {cotangent(micro.head.cotangent_w, micro.row.spans_w, true),
                                              cotangent(micro.head.cotangent_l, micro.row.spans_l, false)};
  if (!micro.hidden.tail_leaf.defined()) {
    torch::autograd::backward(roots, cotangents);
    return;
  }
  const auto below = torch::autograd::grad(roots, {micro.hidden.tail_leaf}, cotangents);
  torch::autograd::backward({micro.hidden.tail_source}, {below[0]});
}

double StepEngine::gradient_norm() const {
  double squares = 0;
  std::vector<at::Tensor> others;
  for (model::Parameter* parameter : trained_) {
    const auto taken = step_products_.find(parameter);
    if (taken != step_products_.end())
      squares += taken->second.target;
    else
      others.push_back(parameter->gradient(model::Slot::train));
  }
  squares += model::squared_norm(others);
  return std::sqrt(squares);
}

}  // namespace bandscope::step
