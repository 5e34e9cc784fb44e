// SPDX-License-Identifier: Apache-2.0
// The kernels for tensors: checks, pointers, and LibTorch's stream. For the kernels' test, which runs them on the
// host's threads, the tensors are the CPU's (BANDSCOPE_KERNELS_ON_HOST).
#pragma once

#include <ATen/core/Tensor.h>
#include <cuda_runtime_api.h>

#ifndef BANDSCOPE_KERNELS_ON_HOST
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#endif

#include "training/cuda/device_kernels.h"

namespace bandscope::cuda {

#ifdef BANDSCOPE_KERNELS_ON_HOST
inline bool on_device(const at::Tensor& t) { return t.is_cpu(); }
class Stream {
 public:
  explicit Stream(const at::Tensor&) {}
  operator cudaStream_t() const { return nullptr; }
  void launched() const {}
};
#else
inline bool on_device(const at::Tensor& t) { return t.is_cuda(); }
/// The current stream of a tensor's device, which is the current device meanwhile.
class Stream {
 public:
  explicit Stream(const at::Tensor& t) : guard_(t.device()), stream_(c10::cuda::getCurrentCUDAStream()) {}
  operator cudaStream_t() const { return stream_; }
  /// Throws where a launch was refused.
  void launched() const { C10_CUDA_KERNEL_LAUNCH_CHECK(); }

 private:
  c10::cuda::CUDAGuard guard_;
  cudaStream_t stream_;
};
#endif

// As device_kernels.h says of each.
void log_probs_of(const at::Tensor& logits, const at::Tensor& targets, at::Tensor& lse, at::Tensor& out);
void errors_of(at::Tensor& logits, const at::Tensor& targets, const at::Tensor& lse);
void products_of(std::span<const GradientPair> pairs, at::Tensor& out);
void add_branches_to(const at::Tensor& w, const at::Tensor& l, double a, double b, const at::Tensor& sum_w,
                     const at::Tensor& sum_l, const at::Tensor& target, bool overwrite);
void dropout_mask_of(const at::Tensor& places, const DropoutDraw& draw, at::Tensor& mask);
void norm_of(const NormTensors& of, const NormSettings& settings, NormStatistics& statistics, at::Tensor& y);
void norm_backward_of(const NormTensors& of, const NormSettings& settings, const NormStatistics& statistics,
                      const at::Tensor& gy, at::Tensor& gx);
void norm_sums_of(const NormTensors& of, const NormStatistics& statistics, const at::Tensor& gy,
                  const at::Tensor& row_weights, at::Tensor& of_weight, at::Tensor* of_bias);
void rotate_of(std::span<const at::Tensor> x, const at::Tensor& cos, const at::Tensor& sin, bool inverse,
               std::span<at::Tensor> y);
void gate_of(const at::Tensor& x, const at::Tensor& gated, Activation activation, at::Tensor& y);
void gate_backward_of(at::Tensor& g, const at::Tensor& x, const at::Tensor& gated, Activation activation,
                      at::Tensor& g_x);
void gather_of(const at::Tensor& x, const at::Tensor& first, const at::Tensor& second, at::Tensor& y);
void dequantize_nf4_of(const Nf4Tensors& matrix, std::span<const float, 16> code, const at::Tensor& out);

inline constexpr Kernels all_kernels = {
    log_probs_of, errors_of, products_of, add_branches_to,  dropout_mask_of, norm_of,           norm_backward_of,
    norm_sums_of, rotate_of, gate_of,     gate_backward_of, gather_of,       dequantize_nf4_of,
};

}  // namespace bandscope::cuda
