// SPDX-License-Identifier: Apache-2.0
// Speed and memory of a training step for a model's shape, with random weights: what docs quote for a card.
#pragma once

#include <cstdint>
#include <string>

namespace bandscope::benchmark {

struct ShapeOptions {
  std::string shape;  ///< a name of shape_names()
  std::string device = "auto";
  std::int64_t micro_batch = 0;  ///< pairs that are calibrated together; 0: the shape's own
  std::int64_t pass_tokens = 0;  ///< pairs are calibrated one by one and share passes of so many tokens; 0: they do not
  int rounds = 5;
  double peak = 0;  ///< TFLOP/s of the device's bfloat16 matrix products, dense; 0: looked up by its name
};

std::string shape_names();
/// Prints a Markdown table with a row without and one with calibration; with `pass_tokens` also what a pass per pair
/// takes beside it. Throws Error.
void measure_shape(const ShapeOptions& options);

}  // namespace bandscope::benchmark
