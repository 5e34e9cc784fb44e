// SPDX-License-Identifier: Apache-2.0
// A frozen weight that is kept in 4 bits and written out in full only while a product with it is taken.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>

#include "training/quant/bitsandbytes.h"
#include "training/quant/nf4.h"

namespace bandscope::quant {

/// Room for one matrix in full, shared by all quantised weights of a model and as large as the largest of them.
class DequantizeBuffer {
 public:
  /// A contiguous [rows, columns] at the buffer's start; what was there before is lost.
  at::Tensor room(std::int64_t rows, std::int64_t columns, at::ScalarType type, c10::Device device);

 private:
  at::Tensor bytes_;
};

class QuantizedWeight {
 public:
  QuantizedWeight(std::shared_ptr<const BitsAndBytes> library, Nf4Matrix matrix,
                  std::shared_ptr<DequantizeBuffer> buffer)
      : library_(std::move(library)), matrix_(std::move(matrix)), buffer_(std::move(buffer)) {}

  std::int64_t rows() const { return matrix_.rows; }
  std::int64_t columns() const { return matrix_.columns; }
  const Nf4Matrix& matrix() const { return matrix_; }
  /// [rows, columns] in the buffer: good until another weight that shares it is asked for.
  at::Tensor in_full(at::ScalarType type) const;

 private:
  std::shared_ptr<const BitsAndBytes> library_;
  Nf4Matrix matrix_;
  std::shared_ptr<DequantizeBuffer> buffer_;
};

}  // namespace bandscope::quant
