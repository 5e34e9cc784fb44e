// SPDX-License-Identifier: Apache-2.0
// An optimizer over the processes of a run. ZeRO-1 (Rajbhandari et al., 2020): the trained values, one after the other,
// are cut into as many shares as there are processes; each updates its own with its own moments, and hands the new
// values round. ZeRO-3: the shares are those of parallel::LayerWeights, which hands values round when they are needed.
// With a process alone, or without ZeRO, every process updates everything, from gradients that are the same everywhere.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "training/optimizer/adamw.h"
#include "training/parallel/group.h"
#include "training/parallel/layer_weights.h"

namespace bandscope::optimizer {

class ShardedOptimizer {
 public:
  /// `layers`: where weights and gradients are shared out.
  ShardedOptimizer(parallel::Group& group, int zero, std::vector<model::Parameter*> parameters,
                   const RunSpec::Optimizer& spec, parallel::LayerWeights* layers = nullptr);
  /// As AdamW::step(). Collective with ZeRO.
  void step(double learning_rate, double grad_norm, double max_grad_norm);
  /// The whole state, as AdamW::state(): complete on rank 0. Collective with ZeRO.
  std::map<std::string, at::Tensor> state() const;
  /// `get(name, shape)` gives whole tensors, on every process.
  void load(const std::function<at::Tensor(const std::string&, at::IntArrayRef)>& get);
  bool sharded() const { return sharded_; }

 private:
  /// A process's part of one parameter, flat: [begin, end).
  struct Share {
    model::Parameter* whole;
    std::int64_t begin, end;
    at::Tensor value, gradient;  ///< of LayerWeights; else views of the whole ones
  };
  /// A tensor of a parameter's state: its whole shape, and what of it (flat) belongs to values [begin, end) of the
  /// parameter.
  struct Moment {
    std::string name;
    at::ScalarType type;
    std::vector<std::int64_t> shape;
    std::int64_t block;  ///< values of the parameter per element
    std::int64_t first(const Share& share) const { return share.begin / block; }
    std::int64_t last(const Share& share) const { return (share.end + block - 1) / block; }
  };
  std::vector<Share> shares_of(int rank) const;
  std::vector<std::int64_t> whole_sizes() const;
  std::vector<Moment> moments_of(const model::Parameter& parameter) const;
  const Share* own_share(const model::Parameter& parameter) const;
  void hand_round();
  parallel::Group& group_;
  bool sharded_;
  RunSpec::Optimizer spec_;
  parallel::LayerWeights* layers_;
  std::vector<model::Parameter*> parameters_;
  std::vector<Share> own_;
  std::deque<model::Parameter> parts_;  ///< views of the own shares, which the inner optimizer takes for parameters
  AdamW inner_;
};

}  // namespace bandscope::optimizer
