// SPDX-License-Identifier: Apache-2.0
// The CUDA module's side of device_kernels.h: tensors to pointers, LibTorch's stream, errors.
#include <ATen/Context.h>
#include <ATen/Functions.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

#include <algorithm>
#include <cstdio>

#include "training/cuda/device_kernels.h"
#include "training/cuda/module/kernels.h"

namespace {

using bandscope::cuda::DeviceKernels;
using bandscope::cuda::GradientPair;
namespace cuda = bandscope::cuda;

cuda::Type type_of(const at::Tensor& t) {
  switch (t.scalar_type()) {
    case at::kFloat:
      return cuda::Type::float32;
    case at::kBFloat16:
      return cuda::Type::bfloat16;
    case at::kHalf:
      return cuda::Type::float16;
    default:
      TORCH_CHECK(false, "logits of type ", t.scalar_type());
  }
}

void check_rows(const at::Tensor& logits, const at::Tensor& targets) {
  TORCH_CHECK(logits.is_cuda() && logits.dim() == 2 && logits.is_contiguous(),
              "logits must be contiguous [n, vocab] on the device");
  TORCH_CHECK(targets.is_cuda() && targets.scalar_type() == at::kLong && targets.is_contiguous() &&
                  targets.numel() == logits.size(0),
              "targets must be int64 [n] on the device");
}

void check_gradient(const at::Tensor& t) {
  TORCH_CHECK(t.is_cuda() && t.scalar_type() == at::kFloat && t.is_contiguous(),
              "gradients must be contiguous float32 on the device");
}

void log_probs(const at::Tensor& logits, const at::Tensor& targets, at::Tensor& lse, at::Tensor& out) {
  check_rows(logits, targets);
  const c10::cuda::CUDAGuard guard(logits.device());
  const auto options = logits.options().dtype(at::kFloat);
  lse = at::empty({logits.size(0)}, options);
  out = at::empty({logits.size(0)}, options);
  cuda::log_probs(logits.const_data_ptr(), type_of(logits), targets.const_data_ptr<std::int64_t>(), logits.size(0),
                  logits.size(1), lse.mutable_data_ptr<float>(), out.mutable_data_ptr<float>(),
                  c10::cuda::getCurrentCUDAStream());
  C10_CUDA_KERNEL_LAUNCH_CHECK();
}

void errors(at::Tensor& logits, const at::Tensor& targets, const at::Tensor& lse) {
  check_rows(logits, targets);
  const c10::cuda::CUDAGuard guard(logits.device());
  cuda::errors(logits.mutable_data_ptr(), type_of(logits), targets.const_data_ptr<std::int64_t>(),
               lse.const_data_ptr<float>(), logits.size(0), logits.size(1), c10::cuda::getCurrentCUDAStream());
  C10_CUDA_KERNEL_LAUNCH_CHECK();
}

void products(std::span<const GradientPair> pairs, at::Tensor& out) {
  if (pairs.empty()) return;
  const c10::cuda::CUDAGuard guard(pairs[0].a.device());
  const auto options = pairs[0].a.options().dtype(at::kDouble);
  const auto number = static_cast<std::int64_t>(pairs.size());
  out = at::empty({number, 3}, options);
  const at::Tensor workspace = at::empty({number * cuda::product_workspace}, options);
  // Pinned memory, which LibTorch keeps until the device has read it: the copy holds nobody up.
  const auto bytes = number * static_cast<std::int64_t>(sizeof(cuda::ProductItem));
  const at::Tensor host = at::empty({bytes}, at::TensorOptions().dtype(at::kByte).pinned_memory(true));
  auto* item = static_cast<cuda::ProductItem*>(host.mutable_data_ptr());
  std::int64_t longest = 0;
  for (const GradientPair& pair : pairs) {
    check_gradient(pair.a);
    check_gradient(pair.b);
    *item++ = {pair.a.const_data_ptr<float>(), pair.b.const_data_ptr<float>(), pair.a.numel()};
    longest = std::max(longest, pair.a.numel());
  }
  const at::Tensor items = host.to(pairs[0].a.device(), /*non_blocking=*/true);
  cuda::products(static_cast<const cuda::ProductItem*>(items.const_data_ptr()), number, longest,
                 workspace.mutable_data_ptr<double>(), out.mutable_data_ptr<double>(),
                 c10::cuda::getCurrentCUDAStream());
  C10_CUDA_KERNEL_LAUNCH_CHECK();
}

void dropout_mask(const at::Tensor& places, const cuda::DropoutDraw& draw, at::Tensor& mask) {
  TORCH_CHECK(places.is_cuda() && places.scalar_type() == at::kLong && places.is_contiguous() && mask.is_contiguous() &&
                  mask.dim() == 2 && mask.size(0) == places.numel(),
              "a mask needs as many rows as there are places, on the device");
  const c10::cuda::CUDAGuard guard(places.device());
  cuda::dropout_mask(places.const_data_ptr<std::int64_t>(), draw, mask.size(0), mask.size(1), mask.mutable_data_ptr(),
                     type_of(mask), c10::cuda::getCurrentCUDAStream());
  C10_CUDA_KERNEL_LAUNCH_CHECK();
}

bool has_flash(int index) {
  // LibTorch's flash kernels need Ampere or later.
  int major = 0;
  C10_CUDA_CHECK(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, index));
  return at::globalContext().userEnabledFlashSDP() && major >= 8;
}

double peak_bytes(int index) {
  const auto stats = c10::cuda::CUDACachingAllocator::getDeviceStats(static_cast<c10::DeviceIndex>(index));
  return static_cast<double>(
      stats.allocated_bytes[static_cast<std::size_t>(c10::CachingAllocator::StatType::AGGREGATE)].peak);
}

void reset_peak(int index) { c10::cuda::CUDACachingAllocator::resetPeakStats(static_cast<c10::DeviceIndex>(index)); }

std::int64_t free_bytes(int index) {
  std::size_t free = 0, total = 0;
  const c10::cuda::CUDAGuard guard(static_cast<c10::DeviceIndex>(index));
  C10_CUDA_CHECK(cudaMemGetInfo(&free, &total));
  // What LibTorch's allocator holds and no tensor has is free as well.
  constexpr auto all = static_cast<std::size_t>(c10::CachingAllocator::StatType::AGGREGATE);
  const auto stats = c10::cuda::CUDACachingAllocator::getDeviceStats(static_cast<c10::DeviceIndex>(index));
  return static_cast<std::int64_t>(free) + stats.reserved_bytes[all].current - stats.allocated_bytes[all].current;
}

void synchronize(int index) {
  const c10::cuda::CUDAGuard guard(static_cast<c10::DeviceIndex>(index));
  C10_CUDA_CHECK(cudaDeviceSynchronize());
}

void release_cache() { c10::cuda::CUDACachingAllocator::emptyCache(); }

std::string describe(int index) {
  cudaDeviceProp device{};
  C10_CUDA_CHECK(cudaGetDeviceProperties(&device, index));
  char text[320];
  std::snprintf(text, sizeof text, "%s (compute capability %d.%d, %.0f GiB)", device.name, device.major, device.minor,
                static_cast<double>(device.totalGlobalMem) / 1073741824.0);
  return text;
}

const DeviceKernels kernels = {log_probs,  errors,     products,    dropout_mask,  has_flash, peak_bytes,
                               reset_peak, free_bytes, synchronize, release_cache, describe};

}  // namespace

extern "C" __attribute__((visibility("default"))) const DeviceKernels* bandscope_device_kernels() { return &kernels; }
