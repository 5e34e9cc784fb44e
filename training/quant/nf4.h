// SPDX-License-Identifier: Apache-2.0
// 4-bit NormalFloat with double quantisation (Dettmers et al., QLoRA, 2023, section 3), as bitsandbytes stores it.
//
// A matrix is cut, row after row, into blocks of 64 values. Each block is divided by its largest magnitude and every
// value becomes the nearest of 16 numbers. The blocks' magnitudes, less their mean, are quantised again: to 8 bits of
// the dynamic data type, in blocks of 256. That makes 4.13 bits per value.
#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <string>

#include "training/quant/bitsandbytes.h"

namespace bandscope::quant {

/// The 16 numbers, quantiles of N(0, 1) scaled to [-1, 1].
inline constexpr std::array<float, 16> nf4_code = {-1.0f,
                                                   -0.6961928009986877f,
                                                   -0.5250730514526367f,
                                                   -0.39491748809814453f,
                                                   -0.28444138169288635f,
                                                   -0.18477343022823334f,
                                                   -0.09105003625154495f,
                                                   0.0f,
                                                   0.07958029955625534f,
                                                   0.16093020141124725f,
                                                   0.24611230194568634f,
                                                   0.33791524171829224f,
                                                   0.44070982933044434f,
                                                   0.5626170039176941f,
                                                   0.7229568362236023f,
                                                   1.0f};

struct Nf4Matrix {
  std::int64_t rows = 0, columns = 0;
  std::int64_t block = 64;
  at::Tensor packed;  ///< uint8 [ceil(rows columns / 2)], two codes per byte, the first one high
  at::Tensor absmax;  ///< largest magnitude of each block: uint8 codes where it is doubly quantised, else float32
  // Of the double quantisation; undefined without it.
  std::int64_t nested_block = 256;
  at::Tensor nested_absmax;  ///< float32, per nested block
  at::Tensor nested_map;     ///< float32 [256]
  at::Tensor offset;         ///< float32 [1], mean of the magnitudes

  std::int64_t values() const { return rows * columns; }
  std::int64_t blocks() const { return (values() + block - 1) / block; }
  std::size_t bytes() const;
};

/// Quantises `weight` [rows, columns] (float32, bfloat16 or float16; contiguous) onto `device` in blocks of 64, with
/// double quantisation. On the CPU the result is bitsandbytes' own, bit for bit. The whole matrix is never held in
/// another type. Throws DataError, naming the tensor `name`, when a value is not finite.
Nf4Matrix quantize_nf4(const BitsAndBytes& library, const at::Tensor& weight, c10::Device device,
                       const std::string& name);

/// Writes the matrix into `out` [rows, columns] (contiguous float32, bfloat16 or float16), bit for bit as bitsandbytes
/// does.
void dequantize_nf4(const BitsAndBytes& library, const Nf4Matrix& matrix, const at::Tensor& out);

}  // namespace bandscope::quant
