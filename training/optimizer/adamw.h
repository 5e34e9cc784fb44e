// SPDX-License-Identifier: Apache-2.0
// AdamW with decoupled weight decay (Loshchilov & Hutter, 2019): on LibTorch's fused kernel with float32 states, or
// with 8-bit states in blocks (training/quant/blockwise_adam.h).
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/spec/run_spec.h"
#include "training/model/parameter.h"
#include "training/quant/blockwise_adam.h"

namespace bandscope::optimizer {

class AdamW {
 public:
  /// `whole_sizes`: of the parameters that these are parts of, where they are parts; what a parameter's states are is
  /// decided by its whole size. Throws SpecError when 8-bit states are asked for and bitsandbytes' library is missing.
  AdamW(std::vector<model::Parameter*> parameters, const RunSpec::Optimizer& spec,
        std::span<const std::int64_t> whole_sizes = {});
  /// True where a parameter of so many values has 8-bit states.
  static bool in_8_bits(const RunSpec::Optimizer& spec, std::int64_t values);
  /// One update from Slot::train, scaled so that its norm is at most `max_grad_norm` (0: never); `grad_norm` is the
  /// norm.
  void step(double learning_rate, double grad_norm, double max_grad_norm);
  /// Moments by parameter name and ".exp_avg", ".exp_avg_sq" (8-bit codes have ".exp_avg_8bit" and ".exp_avg_absmax",
  /// and the like), and "optimizer.step".
  std::map<std::string, at::Tensor> state() const;
  /// Throws DataError when a tensor is missing or misshapen (`get` does).
  template <class Get>
  void load(const Get& get) {
    for (auto& [name, tensor] : state()) {
      if (name != step_name) tensor.copy_(get(name, tensor.sizes()));
    }
    set_steps(get(step_name, at::IntArrayRef{1}));
  }

 private:
  static constexpr const char* step_name = "optimizer.step";
  struct Blockwise {
    model::Parameter* parameter;
    quant::BlockwiseAdam::States states;
  };
  void set_steps(const at::Tensor& steps);
  /// Float32 states, in lists as the fused kernel takes them.
  std::vector<model::Parameter*> parameters_;
  std::vector<at::Tensor> values_, first_, second_;
  std::vector<at::Tensor> steps_;  ///< one number, which all of them share, once per parameter
  std::vector<Blockwise> blockwise_;
  std::optional<quant::BlockwiseAdam> adam_8bit_;
  std::int64_t step_ = 0;
  double beta1_, beta2_, eps_, weight_decay_;
};

}  // namespace bandscope::optimizer
