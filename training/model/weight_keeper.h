// SPDX-License-Identifier: Apache-2.0
// Who keeps a model's weights where a process has them only while it works with them (parallel::LayerWeights).
#pragma once

#include <optional>

namespace bandscope::model {

/// Layers are Parameter::layer's: -1 the embedding, then the blocks, then final norm and output projection.
class WeightKeeper {
 public:
  virtual ~WeightKeeper() = default;
  /// The layer's values can be read until done(). `next`: the layer that will be asked for after it, if that is known,
  /// which may be on its way meanwhile.
  virtual void need(int layer, std::optional<int> next) = 0;
  virtual void done(int layer) = 0;
};

}  // namespace bandscope::model
