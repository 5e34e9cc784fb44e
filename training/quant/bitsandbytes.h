// SPDX-License-Identifier: Apache-2.0
// The C interface of bitsandbytes 0.50 (Dettmers et al., 2022 and 2023): block-wise 8-bit quantisation, NF4 and 8-bit
// Adam. The library comes out of its PyPI wheel and is loaded when a run first asks for it, so that nothing else needs
// it.
#pragma once

#include <c10/core/Device.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace bandscope::quant {

/// Element types that the library has functions for; an index into its tables.
enum class BnbType : int { float32, bfloat16, float16, count };

/// Functions of libbitsandbytes_cpu.so. Sizes are in elements; `code` has 256 entries, ascending.
struct BnbCpu {
  using Quantize = void(const float* code, const float* values, float* absmax, std::uint8_t* out, long long block,
                        long long n);
  using Dequantize = void(const float* code, const std::uint8_t* codes, const float* absmax, float* out,
                          long long block, long long n);
  /// Two codes per byte, first one high. `columns` must be even; blocks must not straddle rows.
  using DequantizeNf4 = void(const std::uint8_t* packed, const float* absmax, void* out, long long block,
                             long long rows, long long columns);
  Quantize* quantize = nullptr;
  Dequantize* dequantize = nullptr;
  DequantizeNf4* dequantize_nf4[static_cast<int>(BnbType::count)] = {};
};

/// Functions of libbitsandbytes_cuda130.so. Pointers are of the device; functions without a stream use the default one.
struct BnbCuda {
  using Quantize = void(const float* code, const void* values, float* absmax, std::uint8_t* out, int block, int n);
  using Dequantize = void(const float* code, const std::uint8_t* codes, const float* absmax, void* out, int block,
                          int n, void* stream);
  using Adam8bit = void(float* values, const float* gradient, std::uint8_t* first, std::uint8_t* second, float beta1,
                        float beta2, float beta3, float alpha, float eps, std::int32_t step, float learning_rate,
                        const float* map1, const float* map2, float* absmax1, float* absmax2, float weight_decay,
                        float gradient_scale, bool skip_zeros, int n);
  Quantize* quantize = nullptr;
  Quantize* quantize_nf4[static_cast<int>(BnbType::count)] = {};
  Dequantize* dequantize = nullptr;
  Dequantize* dequantize_nf4[static_cast<int>(BnbType::count)] = {};
  Adam8bit* adam_8bit = nullptr;
  void* (*managed_memory)(std::size_t bytes) = nullptr;
  void (*prefetch)(void* memory, std::size_t bytes, int device) = nullptr;
  int (*free)(void* memory) = nullptr;  ///< cudaFree
};

/// A number of elements for functions of BnbCuda, which count in 32 bits. Throws RunError where it is larger.
int bnb_count(std::int64_t n);

class BitsAndBytes {
 public:
  /// Looks for the library of the device's kind in $BANDSCOPE_BITSANDBYTES (a folder; nowhere else where it is set),
  /// beside the program, in ../lib/bandscope, and where the build was told. Throws SpecError that says what to do when
  /// it is not there, cannot be loaded or lacks a function.
  static std::shared_ptr<const BitsAndBytes> load(c10::Device device);

  const std::filesystem::path& file() const { return file_; }
  /// Of the device that the library was loaded for; the other one's functions are null.
  const BnbCpu& cpu() const { return cpu_; }
  const BnbCuda& cuda() const { return cuda_; }

 private:
  std::filesystem::path file_;
  BnbCpu cpu_;
  BnbCuda cuda_;
};

}  // namespace bandscope::quant
