// SPDX-License-Identifier: Apache-2.0
// What the CUDA module gives the engine: its kernels, and what LibTorch and the driver say of a device.
#include <ATen/Context.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>

#include <cstdio>

#include "training/cuda/device_kernels.h"
#include "training/cuda/module/tensors.h"

namespace {

using bandscope::cuda::DeviceKernels;
namespace cuda = bandscope::cuda;

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

std::string identity(int index) {
  cudaDeviceProp device{};
  C10_CUDA_CHECK(cudaGetDeviceProperties(&device, index));
  std::string text = "GPU-";
  for (int i = 0; i < 16; ++i) {
    char digits[4];
    std::snprintf(digits, sizeof digits, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
                  static_cast<unsigned>(static_cast<unsigned char>(device.uuid.bytes[i])));
    text += digits;
  }
  return text;
}

const DeviceKernels kernels = {cuda::all_kernels, has_flash,     peak_bytes, reset_peak, free_bytes,
                               synchronize,       release_cache, describe,   identity};

}  // namespace

extern "C" __attribute__((visibility("default"))) const DeviceKernels* bandscope_device_kernels() { return &kernels; }
