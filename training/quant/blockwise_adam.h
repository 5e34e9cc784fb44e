// SPDX-License-Identifier: Apache-2.0
// AdamW with 8-bit states (Dettmers et al., 8-bit Optimizers via Block-wise Quantization, 2022), as bitsandbytes'
// AdamW8bit does it: both moments are kept as codes of the dynamic data type in blocks of 256, each with its largest
// magnitude.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>

#include "training/quant/bitsandbytes.h"

namespace bandscope::quant {

class BlockwiseAdam {
 public:
  struct Settings {
    double beta1 = 0.9, beta2 = 0.999, eps = 1e-8, weight_decay = 0;
    bool paged = false;  ///< large states in memory that CUDA moves between device and host; without effect on the CPU
  };
  /// States of one parameter.
  struct States {
    at::Tensor first, second;     ///< uint8, shape of the parameter
    at::Tensor absmax1, absmax2;  ///< float32, one per block
  };
  /// Parameters with fewer values are better off with float32 states: so does bitsandbytes.
  static constexpr std::int64_t least_size = 4096;
  static constexpr std::int64_t block = 256;

  /// Throws SpecError when bitsandbytes' library for the device is missing.
  BlockwiseAdam(c10::Device device, const Settings& settings);

  States fresh(const at::Tensor& value) const;
  /// One update of `value` (float32, contiguous) from its gradient; `step` counts from 1. On the CPU the bits are those
  /// of bitsandbytes' own CPU update, on CUDA its kernel runs.
  void update(at::Tensor& value, const at::Tensor& gradient, States& states, std::int64_t step,
              double learning_rate) const;

 private:
  at::Tensor codes(const at::Tensor& value) const;
  void update_on_cpu(at::Tensor& value, const at::Tensor& gradient, States& states, std::int64_t step,
                     double learning_rate) const;

  c10::Device device_;
  Settings settings_;
  std::shared_ptr<const BitsAndBytes> library_;
  at::Tensor signed_map_, unsigned_map_;
};

}  // namespace bandscope::quant
