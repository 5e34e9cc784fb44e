// SPDX-License-Identifier: Apache-2.0
#include "training/optimizer/adamw.h"

#include <ATen/Functions.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace bandscope::optimizer {

bool AdamW::in_8_bits(const RunSpec::Optimizer& spec, std::int64_t values) {
  return spec.name != "adamw" && values >= quant::BlockwiseAdam::least_size;
}

AdamW::AdamW(std::vector<model::Parameter*> parameters, const RunSpec::Optimizer& spec,
             std::span<const std::int64_t> whole_sizes)
    : beta1_(spec.betas[0]), beta2_(spec.betas[1]), eps_(spec.eps), weight_decay_(spec.weight_decay) {
  if (spec.name != "adamw" && !parameters.empty()) {
    const c10::Device device = parameters.front()->value.device();
    const bool paged = spec.name == "paged_adamw_8bit";
    if (paged && !device.is_cuda())
      spdlog::info("optimizer.name = \"{}\": on the CPU there is nothing to page; adamw_8bit is used", spec.name);
    adam_8bit_.emplace(device, quant::BlockwiseAdam::Settings{beta1_, beta2_, eps_, weight_decay_, paged});
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    model::Parameter* parameter = parameters[i];
    if (in_8_bits(spec, whole_sizes.empty() ? parameter->numel() : whole_sizes[i])) {
      blockwise_.push_back({parameter, adam_8bit_->fresh(parameter->value)});
      continue;
    }
    parameters_.push_back(parameter);
    values_.push_back(parameter->value);
    first_.push_back(at::zeros_like(parameter->value));
    second_.push_back(at::zeros_like(parameter->value));
  }
  if (!parameters_.empty())
    steps_.assign(parameters_.size(),
                  at::zeros({}, at::TensorOptions().dtype(at::kFloat).device(values_.front().device())));
}

void AdamW::step(double learning_rate, double grad_norm, double max_grad_norm) {
  std::vector<at::Tensor> gradients;
  ++step_;
  // As torch.nn.utils.clip_grad_norm_ does it.
  const double factor = max_grad_norm > 0 ? std::min(1.0, max_grad_norm / (grad_norm + 1e-6)) : 1.0;
  for (model::Parameter* parameter : parameters_) gradients.push_back(parameter->gradient(model::Slot::train));
  if (!parameters_.empty()) {
    if (factor < 1.0) at::_foreach_mul_(gradients, factor);
    steps_.front().add_(1);
    at::_fused_adamw_(values_, gradients, first_, second_, {}, steps_, learning_rate, beta1_, beta2_, weight_decay_,
                      eps_,
                      /*amsgrad=*/false, /*maximize=*/false);
    for (model::Parameter* parameter : parameters_) parameter->value_changed();
  }
  for (auto& [parameter, states] : blockwise_) {
    at::Tensor& gradient = parameter->gradient(model::Slot::train);
    if (factor < 1.0) gradient.mul_(factor);
    adam_8bit_->update(parameter->value, gradient, states, step_, learning_rate);
    parameter->value_changed();
  }
}

std::map<std::string, at::Tensor> AdamW::state() const {
  std::map<std::string, at::Tensor> result;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    result[parameters_[i]->name + ".exp_avg"] = first_[i];
    result[parameters_[i]->name + ".exp_avg_sq"] = second_[i];
  }
  for (const auto& [parameter, states] : blockwise_) {
    result[parameter->name + ".exp_avg_8bit"] = states.first;
    result[parameter->name + ".exp_avg_sq_8bit"] = states.second;
    result[parameter->name + ".exp_avg_absmax"] = states.absmax1;
    result[parameter->name + ".exp_avg_sq_absmax"] = states.absmax2;
  }
  result[step_name] = at::full({1}, static_cast<double>(step_), at::kFloat);
  return result;
}

void AdamW::set_steps(const at::Tensor& steps) {
  if (!steps_.empty()) steps_.front().copy_(steps.reshape({}));
  step_ = static_cast<std::int64_t>(steps.item<double>());
}

}  // namespace bandscope::optimizer
