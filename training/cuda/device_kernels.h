// SPDX-License-Identifier: Apache-2.0
// Passes over logits and gradients on a CUDA device, each of which would be several with LibTorch's operators. They
// live in a module of their own (libbandscope_cuda.so) that is loaded with LibTorch's CUDA part when a run asks for a
// device, so that one engine serves machines with and without a GPU. Each has a plain twin made of operators, which
// tests compare with and which is used where the module is not loaded.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <string>

#include "core/message/message.h"
#include "training/cuda/philox.h"

namespace bandscope::cuda {

/// Two gradients of one shape, contiguous float32.
struct GradientPair {
  at::Tensor a, b;
};

/// All functions work on the current stream and return without waiting for it.
struct DeviceKernels {
  /// Of logits [n, vocab] (float32, bfloat16 or float16, contiguous): lse [n] and the log-probabilities [n] of targets
  /// [n] (int64), both float32, in one reading.
  void (*log_probs)(const at::Tensor& logits, const at::Tensor& targets, at::Tensor& lse, at::Tensor& log_probs);
  /// logits = softmax(logits) - onehot(targets), in place.
  void (*errors)(at::Tensor& logits, const at::Tensor& targets, const at::Tensor& lse);
  /// out [pairs, 3] float64: ||a||^2, ||b||^2, <a, b> of each, with double accumulation in an order that does not
  /// depend on scheduling.
  void (*products)(std::span<const GradientPair> pairs, at::Tensor& out);
  /// mask [places, columns]: draw.kept where the element's word is below draw.threshold, else 0. places [n] int64.
  void (*dropout_mask)(const at::Tensor& places, const DropoutDraw& draw, at::Tensor& mask);
  /// True when LibTorch's variable-length flash attention runs on device `index`.
  bool (*has_flash)(int index);
  /// Most bytes that tensors have held on device `index` since reset_peak().
  double (*peak_bytes)(int index);
  void (*reset_peak)(int index);
  /// Bytes of device `index` that tensors can still get.
  std::int64_t (*free_bytes)(int index);
  /// Waits until device `index` has done what was asked of it.
  void (*synchronize)(int index);
  /// Gives cached memory back, after tensors were dropped.
  void (*release_cache)();
  /// "NVIDIA H100 (compute capability 9.0, 80 GB)".
  std::string (*describe)(int index);
};

/// The module's functions; null until load_cuda() has succeeded.
const DeviceKernels* device_kernels();

/// Loads LibTorch's CUDA part and the module, once, and makes LibTorch deterministic. "" when a CUDA device is usable,
/// else why none is. LibTorch asks once which accelerator there is (a generator's seed or pinned memory make it) and
/// keeps the answer: where a GPU may be wanted later, this comes before any other use of it.
Message load_cuda();

}  // namespace bandscope::cuda
