// SPDX-License-Identifier: Apache-2.0
// Passes over rows and gradients on a CUDA device, each of which would be several with LibTorch's operators. They
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
#include "training/cuda/settings.h"

namespace bandscope::cuda {

/// Two gradients of one shape, contiguous float32.
struct GradientPair {
  at::Tensor a, b;
};

/// Of a norm: rows [rows, size], weight and bias (undefined: none) [size], contiguous and of one type.
struct NormTensors {
  at::Tensor x, weight, bias;
};
/// Of its rows, each [rows, 1] float32; mean undefined for RMSNorm.
struct NormStatistics {
  at::Tensor mean, rstd;
};

/// A matrix in 4 bits, as quant::Nf4Matrix.
struct Nf4Tensors {
  at::Tensor packed, absmax, nested_absmax, nested_map, offset;
  std::int64_t block, nested_block;
};

/// Passes that are one kernel each. Rows are float32, bfloat16 or float16, arithmetic is in float32; all work on the
/// current stream and return without waiting for it. A table of its own, so that a test can give the model one whose
/// kernels run on the host.
struct Kernels {
  /// Of logits [n, vocab] (contiguous): lse [n] and the log-probabilities [n] of targets [n] (int64), both float32, in
  /// one reading.
  void (*log_probs)(const at::Tensor& logits, const at::Tensor& targets, at::Tensor& lse, at::Tensor& log_probs);
  /// logits = softmax(logits) - onehot(targets), in place.
  void (*errors)(at::Tensor& logits, const at::Tensor& targets, const at::Tensor& lse);
  /// out [pairs, 3] float64: ||a||^2, ||b||^2, <a, b> of each, with double accumulation in an order that does not
  /// depend on scheduling.
  void (*products)(std::span<const GradientPair> pairs, at::Tensor& out);
  /// target (+)= a w + b l, and, where they are defined, sum_w (+)= w and sum_l (+)= l; = with `overwrite`. Contiguous
  /// float32.
  void (*add_branches)(const at::Tensor& w, const at::Tensor& l, double a, double b, const at::Tensor& sum_w,
                       const at::Tensor& sum_l, const at::Tensor& target, bool overwrite);
  /// mask [places, columns]: draw.kept where the element's word is below draw.threshold, else 0. places [n] int64.
  void (*dropout_mask)(const at::Tensor& places, const DropoutDraw& draw, at::Tensor& mask);
  /// y [rows, size] of the rows, by the statistics where they are defined, else filling them.
  void (*norm)(const NormTensors& of, const NormSettings& settings, NormStatistics& statistics, at::Tensor& y);
  /// gx [rows, size], filled, of gy.
  void (*norm_backward)(const NormTensors& of, const NormSettings& settings, const NormStatistics& statistics,
                        const at::Tensor& gy, at::Tensor& gx);
  /// Sums over the rows, [size] float32: of gy unit, and, where wanted, of gy. row_weights, where defined, has a
  /// float32 factor for each row, or for each run of rows of one length. Summed in one order in every run.
  void (*norm_sums)(const NormTensors& of, const NormStatistics& statistics, const at::Tensor& gy,
                    const at::Tensor& row_weights, at::Tensor& of_weight, at::Tensor* of_bias);
  /// Rotary positions of one or two tensors x [rows, heads, d], whose rows and heads may be strided, into contiguous y;
  /// cos, sin [rows, half] float32.
  void (*rotate)(std::span<const at::Tensor> x, const at::Tensor& cos, const at::Tensor& sin, bool inverse,
                 std::span<at::Tensor> y);
  /// y = activation(x) gated, [rows, columns], whose rows may be strided.
  void (*gate)(const at::Tensor& x, const at::Tensor& gated, Activation activation, at::Tensor& y);
  /// From g [rows, columns], contiguous: the gradient of x into g_x, that of gated in the place of g.
  void (*gate_backward)(at::Tensor& g, const at::Tensor& x, const at::Tensor& gated, Activation activation,
                        at::Tensor& g_x);
  /// y[i] = x[first[i]] + x[second[i]] of x [n, heads, d], whose rows and heads may be strided; an index below 0 adds
  /// nothing. `second` may be undefined.
  void (*gather)(const at::Tensor& x, const at::Tensor& first, const at::Tensor& second, at::Tensor& y);
  /// Writes a matrix out in full, both levels in one pass, bit for bit as bitsandbytes does in two.
  void (*dequantize_nf4)(const Nf4Tensors& matrix, std::span<const float, 16> code, const at::Tensor& out);
};

struct DeviceKernels {
  Kernels kernels;
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
  /// "GPU-…", as nvidia-smi -L has it: unlike that of any other card of whatever machine.
  std::string (*identity)(int index);
};

/// The module's functions; null until load_cuda() has succeeded.
const DeviceKernels* device_kernels();
/// The kernels for tensors where this one is: null where there are none, and for float64, and operators take their
/// place.
const Kernels* kernels_of(const at::Tensor& t);
/// For tests: kernels for the CPU's tensors, that run on the host. None with null, as it is at first.
void use_on_host(const Kernels* kernels);

/// Loads LibTorch's CUDA part and the module, once, and makes LibTorch deterministic. "" when a CUDA device is usable,
/// else why none is. LibTorch asks once which accelerator there is (a generator's seed or pinned memory make it) and
/// keeps the answer: where a GPU may be wanted later, this comes before any other use of it.
Message load_cuda();

}  // namespace bandscope::cuda
