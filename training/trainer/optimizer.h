// SPDX-License-Identifier: Apache-2.0
// AdamW with decoupled weight decay (Loshchilov & Hutter, 2019) on LibTorch's fused kernel, and learning-rate schedules.
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <string>
#include <vector>

#include "core/spec/run_spec.h"
#include "training/model/parameter.h"

namespace bandscope {

/// Learning rate of optimizer step `step` (from 1) of `total`: linear warm-up over ceil(warmup_ratio total) steps, then
/// constant, linear to 0 or half a cosine to 0, as transformers' schedulers have it.
double learning_rate_at(const RunSpec::Optimizer& spec, std::int64_t step, std::int64_t total);

class AdamW {
 public:
  AdamW(std::vector<Parameter*> parameters, const RunSpec::Optimizer& spec);
  /// One update from Slot::train, scaled so that its norm is at most `max_grad_norm` (0: never); `grad_norm` is the norm.
  void step(double learning_rate, double grad_norm, double max_grad_norm);
  /// Moments by parameter name and ".exp_avg", ".exp_avg_sq", and "optimizer.step".
  std::map<std::string, at::Tensor> state() const;
  /// Throws DataError when a tensor is missing or misshapen (`get` does).
  template <class Get>
  void load(const Get& get) {
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      first_[i].copy_(get(parameters_[i]->name + ".exp_avg", parameters_[i]->value.sizes()));
      second_[i].copy_(get(parameters_[i]->name + ".exp_avg_sq", parameters_[i]->value.sizes()));
    }
    set_steps(get("optimizer.step", at::IntArrayRef{1}));
  }

 private:
  void set_steps(const at::Tensor& steps);
  std::vector<Parameter*> parameters_;
  std::vector<at::Tensor> values_, first_, second_, steps_;
  double beta1_, beta2_, eps_, weight_decay_;
};

}  // namespace bandscope
