// SPDX-License-Identifier: Apache-2.0
// Masks of the adapters' dropout: a function of seed, step, layer, and the element's place in its pair. So a resumed
// run needs no generator's state, a block that is run twice draws the same, and a pair's masks are the same on every
// device, in any process, and whatever shares its row.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "training/cuda/philox.h"

namespace bandscope::model {

/// What the masks of one pass have in common.
struct Dropout {
  double share = 0;  ///< of elements that are dropped; 0: none
  std::uint64_t seed = 0;
  std::int64_t step = 0;
  std::int64_t first_pair = 0;  ///< number within the step, over all processes, of the row's first pair
  at::Tensor places;            ///< [rows] int64 on the device: PackedRow::places, counted from the step's first pair
};

cuda::DropoutDraw dropout_draw(const Dropout& dropout, int layer);
/// [rows, columns]: 1 / (1 - share) where an element is kept, else 0.
at::Tensor dropout_mask(const Dropout& dropout, int layer, std::int64_t columns, at::ScalarType type);

}  // namespace bandscope::model
