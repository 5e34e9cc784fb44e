// SPDX-License-Identifier: Apache-2.0
// What the pieces of a decoder are told beside their rows. Compiled for the device and for the host.
#pragma once

namespace bandscope::cuda {

/// How a norm makes its rows: y = unit (weight + plus_one) + bias, unit = (x - mean) rstd.
struct NormSettings {
  float eps = 0;
  bool centred = false;       ///< LayerNorm; else the mean is 0
  bool plus_one = false;      ///< multiplies by 1 + weight
  bool rounds_first = false;  ///< rounds unit to the rows' type before the weight multiplies it
};

/// Of an MLP's inner layer.
enum class Activation { silu, gelu, gelu_tanh, relu };

}  // namespace bandscope::cuda
