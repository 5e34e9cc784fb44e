// SPDX-License-Identifier: Apache-2.0
// Weights and gradients shared out over the processes of a run (ZeRO-3: Rajbhandari et al., 2020). The trained values
// of a layer, one after the other, are cut into as many parts as there are processes. A layer is gathered before it is
// worked with and dropped after it, the next one already on its way. A dropped parameter keeps its shape; its memory is
// gone.
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <vector>

#include "training/model/parameter.h"
#include "training/model/weight_keeper.h"
#include "training/parallel/group.h"

namespace bandscope::parallel {

/// Calls are collective, in one order, but for parts() and what is about gradients.
class LayerWeights : public model::WeightKeeper {
 public:
  /// Takes over the values of `trained` (contiguous, of one type and device), and the memory they lie in. Everything is
  /// whole until let_go(). `group` must outlive it, and it the parameters.
  LayerWeights(Group& group, const std::vector<model::Parameter*>& trained);

  /// Nothing to do where everything is whole.
  void need(int layer, std::optional<int> next) override;
  void done(int layer) override;

  /// Makes everything whole until let_go(): for what processes do each at its own pace, and for files.
  void gather_all();
  /// Drops what is whole.
  void let_go();
  /// Where everything is whole: this process's parts become those of the parameters' values, which somebody has set.
  void take_parts();

  /// This process's part of one parameter.
  struct Part {
    model::Parameter* whole;
    std::int64_t begin, end;     ///< of the parameter's values, flat
    at::Tensor value, gradient;  ///< [end - begin]; the gradient is float32
  };
  const std::vector<Part>& parts() const { return parts_; }
  /// Keeps this process's part of a gradient, and releases the accumulator.
  void keep_gradient(model::Parameter& parameter, model::Slot slot);
  /// The parts' gradients, a tensor per layer; what belongs to no parameter is zero.
  std::vector<at::Tensor> gradients() const;

 private:
  struct Layer {
    std::vector<model::Parameter*> parameters;
    at::Tensor whole;     ///< flat, a multiple of the processes; without memory while it is dropped
    at::Tensor own;       ///< this process's part of it
    at::Tensor gradient;  ///< float32
    bool present = true;
    std::optional<Group::Pending> coming;
  };
  void start(Layer& layer);
  void finish(Layer& layer);
  void drop(Layer& layer);
  Group& group_;
  std::map<int, Layer> layers_;
  std::vector<Part> parts_;
  bool all_whole_ = true;
};

/// Everything is whole while it lives, where there is something to make whole. Collective.
class WholeWeights {
 public:
  explicit WholeWeights(LayerWeights* layers) : layers_(layers) {
    if (layers_) layers_->gather_all();
  }
  ~WholeWeights() {
    if (layers_) layers_->let_go();
  }
  WholeWeights(const WholeWeights&) = delete;
  WholeWeights& operator=(const WholeWeights&) = delete;

 private:
  LayerWeights* layers_;
};

}  // namespace bandscope::parallel
