// SPDX-License-Identifier: Apache-2.0
#include "training/quant/nf4.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <c10/core/DeviceGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>

#include "core/error.h"
#include "training/cuda/device_kernels.h"
#include "training/quant/dynamic_map.h"

namespace bandscope::quant {
namespace {

constexpr std::size_t block_size = 64;
constexpr std::int64_t nested_block = 256;
constexpr float least_magnitude = 1e-38f;  // what a block of zeros is divided by

constexpr std::array<float, 15> midpoints = [] {
  std::array<float, 15> result{};
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = (nf4_code[i] + nf4_code[i + 1]) / 2.0f;
  return result;
}();

int type_index(at::ScalarType type) {
  switch (type) {
    case at::kFloat:
      return static_cast<int>(BnbType::float32);
    case at::kBFloat16:
      return static_cast<int>(BnbType::bfloat16);
    default:
      return static_cast<int>(BnbType::float16);
  }
}

/// One block of up to `block_size` values; returns its magnitude as it is stored. A block that is cut short by the
/// matrix's end is divided instead of multiplied by the inverse, and its magnitude is at least `least_magnitude`:
/// bitsandbytes does so. The codes after its end are those of 0, as the second half of a last odd byte is.
template <class T>
float quantize_block(const T* values, std::int64_t size, std::array<std::uint8_t, block_size>& codes, bool& finite) {
  const bool whole = size == static_cast<std::int64_t>(block_size);
  std::array<float, block_size> x{};
  float magnitude = 0.0f;
  for (std::size_t i = 0; i < static_cast<std::size_t>(size); ++i) {
    x[i] = static_cast<float>(values[i]);
    finite &= std::abs(x[i]) <= std::numeric_limits<float>::max();
    magnitude = std::max(magnitude, std::abs(x[i]));
  }
  const float divisor = std::max(magnitude, least_magnitude), inverse = 1.0f / divisor;
  for (float& value : x) value = std::clamp(whole ? value * inverse : value / divisor, -1.0f, 1.0f);
  // The number of midpoints below a value is the index of the nearest code, the lower one at a midpoint.
  std::array<std::int32_t, block_size> below{};
  for (const float bound : midpoints)
    for (std::size_t i = 0; i < block_size; ++i) below[i] += bound < x[i] ? 1 : 0;
  for (std::size_t i = 0; i < block_size; ++i) codes[i] = static_cast<std::uint8_t>(below[i]);
  return whole ? magnitude : divisor;
}

/// Codes and magnitudes of a matrix on the CPU; false when a value is not finite.
template <class T>
bool quantize_values(const T* values, std::int64_t n, std::uint8_t* packed, float* absmax) {
  constexpr auto size = static_cast<std::int64_t>(block_size);
  std::atomic<bool> finite = true;
  at::parallel_for(0, (n + size - 1) / size, 256, [&](std::int64_t begin, std::int64_t end) {
    std::array<std::uint8_t, block_size> codes;
    bool own = true;
    for (std::int64_t b = begin; b < end; ++b) {
      const std::int64_t first = b * size, here = std::min(size, n - first);
      absmax[b] = quantize_block(values + first, here, codes, own);
      for (std::size_t i = 0; i < static_cast<std::size_t>(here); i += 2)
        packed[(first + static_cast<std::int64_t>(i)) / 2] = static_cast<std::uint8_t>(codes[i] << 4 | codes[i + 1]);
    }
    if (!own) finite = false;
  });
  return finite;
}

bool quantize_on_cpu(const at::Tensor& weight, Nf4Matrix& matrix, const at::Tensor& absmax) {
  auto* packed = matrix.packed.mutable_data_ptr<std::uint8_t>();
  auto* magnitudes = absmax.mutable_data_ptr<float>();
  const std::int64_t n = matrix.values();
  switch (weight.scalar_type()) {
    case at::kFloat:
      return quantize_values(weight.const_data_ptr<float>(), n, packed, magnitudes);
    case at::kBFloat16:
      return quantize_values(weight.const_data_ptr<at::BFloat16>(), n, packed, magnitudes);
    default:
      return quantize_values(weight.const_data_ptr<at::Half>(), n, packed, magnitudes);
  }
}

void* stream_of(c10::Device device) {
  return c10::impl::VirtualGuardImpl(device.type()).getStream(device).native_handle();
}

/// The magnitudes of the blocks in float32.
at::Tensor magnitudes_of(const BitsAndBytes& library, const Nf4Matrix& matrix) {
  if (!matrix.nested_absmax.defined()) return matrix.absmax;
  const at::Tensor result = at::empty(matrix.absmax.sizes(), matrix.absmax.options().dtype(at::kFloat));
  const auto *map = matrix.nested_map.const_data_ptr<float>(), *outer = matrix.nested_absmax.const_data_ptr<float>();
  const auto* codes = matrix.absmax.const_data_ptr<std::uint8_t>();
  auto* out = result.mutable_data_ptr<float>();
  if (result.is_cuda()) {
    library.cuda().dequantize(map, codes, outer, out, bnb_count(matrix.nested_block), bnb_count(result.numel()),
                              stream_of(result.device()));
  } else {
    library.cpu().dequantize(map, codes, outer, out, matrix.nested_block, result.numel());
  }
  return result.add_(matrix.offset);
}

/// Values from `first` on, one by one.
template <class T>
void dequantize_tail(const std::uint8_t* packed, const float* absmax, std::int64_t block, std::int64_t first,
                     std::int64_t n, T* out) {
  for (std::int64_t i = first; i < n; ++i) {
    const int byte = packed[i / 2];
    out[i] = static_cast<T>(nf4_code[static_cast<std::size_t>(i % 2 ? byte & 15 : byte >> 4)] * absmax[i / block]);
  }
}

void dequantize_on_cpu(const BitsAndBytes& library, const Nf4Matrix& matrix, const float* absmax,
                       const at::Tensor& out) {
  const auto* packed = matrix.packed.const_data_ptr<std::uint8_t>();
  // One block per row: the library's vector code counts blocks by row, and takes threads by row.
  const std::int64_t n = matrix.values(), whole = n / matrix.block * matrix.block;
  library.cpu().dequantize_nf4[type_index(out.scalar_type())](packed, absmax, out.mutable_data_ptr(), matrix.block,
                                                              whole / matrix.block, matrix.block);
  switch (out.scalar_type()) {
    case at::kFloat:
      return dequantize_tail(packed, absmax, matrix.block, whole, n, out.mutable_data_ptr<float>());
    case at::kBFloat16:
      return dequantize_tail(packed, absmax, matrix.block, whole, n, out.mutable_data_ptr<at::BFloat16>());
    default:
      return dequantize_tail(packed, absmax, matrix.block, whole, n, out.mutable_data_ptr<at::Half>());
  }
}

}  // namespace

std::size_t Nf4Matrix::bytes() const {
  std::size_t sum = 0;
  for (const at::Tensor* part : {&packed, &absmax, &nested_absmax, &nested_map, &offset})
    if (part->defined()) sum += part->nbytes();
  return sum;
}

Nf4Matrix quantize_nf4(const BitsAndBytes& library, const at::Tensor& weight, c10::Device device,
                       const std::string& name) {
  const c10::DeviceGuard guard(device);
  Nf4Matrix matrix;
  matrix.rows = weight.size(0);
  matrix.columns = weight.size(1);
  matrix.block = static_cast<std::int64_t>(block_size);
  matrix.nested_block = nested_block;
  const auto bytes = at::TensorOptions().dtype(at::kByte).device(device), floats = bytes.dtype(at::kFloat);
  matrix.packed = at::empty({(matrix.values() + 1) / 2}, bytes);
  matrix.nested_map = dynamic_map(true).to(device);
  at::Tensor absmax = at::empty({matrix.blocks()}, floats);
  bool finite = true;
  if (device.is_cuda()) {
    const at::Tensor there = weight.to(device).contiguous();
    library.cuda().quantize_nf4[type_index(there.scalar_type())](
        nullptr, there.const_data_ptr(), absmax.mutable_data_ptr<float>(),
        matrix.packed.mutable_data_ptr<std::uint8_t>(), bnb_count(matrix.block), bnb_count(matrix.values()));
    finite = at::isfinite(there).all().item<bool>();
  } else {
    finite = quantize_on_cpu(weight, matrix, absmax);
  }
  if (!finite)
    throw DataError(
        Message::tr("tensor \"%1\" has values that are not finite; such weights cannot be quantised", name));

  matrix.offset = absmax.mean().reshape({1});
  absmax.sub_(matrix.offset);
  matrix.absmax = at::empty({matrix.blocks()}, bytes);
  matrix.nested_absmax = at::empty({(matrix.blocks() + nested_block - 1) / nested_block}, floats);
  const auto *map = matrix.nested_map.const_data_ptr<float>(), *values = absmax.const_data_ptr<float>();
  auto* codes = matrix.absmax.mutable_data_ptr<std::uint8_t>();
  auto* outer = matrix.nested_absmax.mutable_data_ptr<float>();
  if (device.is_cuda()) {
    library.cuda().quantize(map, values, outer, codes, bnb_count(nested_block), bnb_count(matrix.blocks()));
  } else {
    library.cpu().quantize(map, values, outer, codes, nested_block, matrix.blocks());
  }
  return matrix;
}

void dequantize_nf4(const BitsAndBytes& library, const Nf4Matrix& matrix, const at::Tensor& out) {
  const cuda::Kernels* kernels = cuda::kernels_of(out);
  if (kernels && matrix.block % 8 == 0) {
    kernels->dequantize_nf4({matrix.packed, matrix.absmax, matrix.nested_absmax, matrix.nested_map, matrix.offset,
                             matrix.block, matrix.nested_block},
                            nf4_code, out);
    return;
  }
  const c10::DeviceGuard guard(out.device());
  const at::Tensor magnitudes = magnitudes_of(library, matrix);
  const auto* absmax = magnitudes.const_data_ptr<float>();
  if (out.is_cuda()) {
    library.cuda().dequantize_nf4[type_index(out.scalar_type())](
        nullptr, matrix.packed.const_data_ptr<std::uint8_t>(), absmax, out.mutable_data_ptr(), bnb_count(matrix.block),
        bnb_count(matrix.values()), stream_of(out.device()));
  } else {
    dequantize_on_cpu(library, matrix, absmax, out);
  }
}

}  // namespace bandscope::quant
