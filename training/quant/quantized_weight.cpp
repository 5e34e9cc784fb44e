// SPDX-License-Identifier: Apache-2.0
#include "training/quant/quantized_weight.h"

#include <ATen/Functions.h>

namespace bandscope::quant {

at::Tensor DequantizeBuffer::room(std::int64_t rows, std::int64_t columns, at::ScalarType type, c10::Device device) {
  const std::int64_t needed = rows * columns * static_cast<std::int64_t>(c10::elementSize(type));
  if (!bytes_.defined() || bytes_.numel() < needed || bytes_.device() != device)
    bytes_ = at::empty({needed}, at::TensorOptions().dtype(at::kByte).device(device));
  return bytes_.slice(0, 0, needed).view(type).view({rows, columns});
}

at::Tensor QuantizedWeight::in_full(at::ScalarType type) const {
  at::Tensor out = buffer_->room(matrix_.rows, matrix_.columns, type, matrix_.packed.device());
  dequantize_nf4(*library_, matrix_, out);
  return out;
}

}  // namespace bandscope::quant
