// SPDX-License-Identifier: Apache-2.0
#include <ATen/Context.h>
#include <ATen/core/Tensor.h>
#include <dlfcn.h>

#include <atomic>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <mutex>
#include <vector>

#include "training/cuda/device_kernels.h"
#include "training/errors/plain_reason.h"

namespace bandscope::cuda {
namespace {

constexpr const char* module_name = "libbandscope_cuda.so";

/// What was loaded stays loaded: LibTorch's CUDA part registers itself for the life of the program.
struct Loaded {
  std::once_flag once;
  std::atomic<const DeviceKernels*> kernels = nullptr;
  std::atomic<const Kernels*> on_host = nullptr;
  Message reason;
};
Loaded& loaded() {
  static Loaded state;
  return state;
}

std::vector<std::filesystem::path> places() {
  std::vector<std::filesystem::path> result;
  if (const char* own = std::getenv("BANDSCOPE_CUDA_MODULE"); own && *own) return {own};
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (!error) {
    result.push_back(program.parent_path() / module_name);
    result.push_back(program.parent_path().parent_path() / "lib" / "bandscope" / module_name);
  }
#ifdef BANDSCOPE_CUDA_MODULE_BUILT
  result.emplace_back(BANDSCOPE_CUDA_MODULE_BUILT);
#endif
  return result;
}

/// Settings that LibTorch and its libraries read once, when they are loaded or first used. What the user has set stays.
void prepare_environment() {
  // cuBLAS sums in one order only where its workspace is fixed.
  ::setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 0);
  // Passes of unlike lengths leave no holes in memory that grows in place.
  if (!std::getenv("PYTORCH_CUDA_ALLOC_CONF")) ::setenv("PYTORCH_ALLOC_CONF", "expandable_segments:True", 0);
}

/// The same sums in the same order in every run, so that a resumed run goes on to the bit: attention's backward pass
/// and the embedding's otherwise add in the order in which blocks happen to end.
void be_deterministic() {
  at::globalContext().setDeterministicAlgorithms(true, /*warn_only=*/false);
  at::globalContext().setDeterministicFillUninitializedMemory(false);
}

Message load() {
  std::error_code error;
  prepare_environment();
  for (const auto& place : places()) {
    if (!std::filesystem::exists(place, error)) continue;
    void* module = ::dlopen(place.c_str(), RTLD_NOW | RTLD_GLOBAL);
    if (!module) {
      const char* why = ::dlerror();
      return Message::tr("LibTorch's CUDA part cannot be loaded: %1", why ? why : place.string());
    }
    using Get = const DeviceKernels* (*)();
    const auto get = reinterpret_cast<Get>(::dlsym(module, "bandscope_device_kernels"));
    if (!get) return Message::tr("%1 is not Bandscope's CUDA module", place.string());
    if (!at::globalContext().hasCUDA()) return Message::tr("no NVIDIA driver or no GPU on this machine");
    try {
      // Until then the allocator knows no device, and its statistics, which runs begin with, are refused.
      at::globalContext().lazyInitDevice(at::kCUDA);
    } catch (const std::exception& problem) {
      return Message::tr("the GPU cannot be used: %1", errors::plain_reason(problem));
    }
    be_deterministic();
    loaded().kernels = get();
    return {};
  }
  return Message::tr("this build has no CUDA module");
}

}  // namespace

const DeviceKernels* device_kernels() { return loaded().kernels; }

const Kernels* kernels_of(const at::Tensor& t) {
  if (t.scalar_type() == at::kDouble) return nullptr;
  if (t.is_cpu()) return loaded().on_host;
  const DeviceKernels* device = device_kernels();
  return device && t.is_cuda() ? &device->kernels : nullptr;
}

void use_on_host(const Kernels* kernels) { loaded().on_host = kernels; }

Message load_cuda() {
  Loaded& state = loaded();
  std::call_once(state.once, [&] { state.reason = load(); });
  return state.reason;
}

}  // namespace bandscope::cuda
