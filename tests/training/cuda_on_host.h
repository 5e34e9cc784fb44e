// SPDX-License-Identifier: Apache-2.0
// CUDA's vocabulary for kernels that run on the host: each thread of a block is a fibre here, which gives way where it
// waits for others (__syncthreads, shuffles); blocks come one after another. What nvcc compiles for a GPU is compiled
// here as plain C++, so that a machine without a GPU can test every line of it: under a sanitizer, a read beyond an
// array is found. Included before any of the kernels' sources.
#pragma once

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime_api.h>
#include <math.h>  // of the global namespace, as the device has them
#include <ucontext.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <stdexcept>
#include <vector>

// The toolkit's headers leave __global__, __device__ and __host__ empty for other compilers.
#undef __shared__
#define __shared__ static

namespace bandscope::cuda {

/// What a thread knows of its place.
inline thread_local uint3 threadIdx, blockIdx;
inline thread_local dim3 blockDim, gridDim;

/// A block that is running, in the host thread that launched it.
class HostBlock {
 public:
  HostBlock(unsigned threads, std::function<void()> kernel)
      : kernel_(std::move(kernel)), fibres_(threads), warps_((threads + 31) / 32) {
    while (stacks().size() < threads) stacks().push_back(std::make_unique_for_overwrite<std::byte[]>(stack_bytes));
  }

  /// The whole block, to its end.
  void run() {
    running() = this;
    const auto count = static_cast<unsigned>(fibres_.size());
    all_ = {count, 0};
    for (unsigned i = 0; i < count; ++i) prepare(i);
    for (unsigned alive = count; alive > 0;) {
      bool moved = false;
      for (current_ = 0; current_ < count; ++current_) {
        Fibre& fibre = fibres_[current_];
        if (fibre.ended || fibre.waits_for) continue;
        moved = true;
        threadIdx = {current_, 0, 0};
        ::swapcontext(&scheduler_, &fibre.context);
        if (fibre.ended) --alive;
      }
      if (!moved) throw std::logic_error("the threads of a block wait for one another");
    }
  }

  static HostBlock*& running() {
    static thread_local HostBlock* block = nullptr;
    return block;
  }
  void wait() { wait_at(all_); }
  template <class T>
  T from_lane_below(T value, unsigned offset) {
    static_assert(sizeof(T) <= sizeof(double));
    const unsigned own = current_, from = own + offset;
    std::memcpy(&fibres_[own].given, &value, sizeof(T));
    wait_at(warps_[own / 32]);
    if (own % 32 + offset < 32 && from < fibres_.size()) std::memcpy(&value, &fibres_[from].given, sizeof(T));
    wait_at(warps_[own / 32]);
    return value;
  }

 private:
  static constexpr std::size_t stack_bytes = std::size_t{64} << 10;
  /// Threads that wait until all that have not ended do.
  struct Meeting {
    unsigned members = 0, here = 0;
  };
  struct Fibre {
    ucontext_t context{};
    bool ended = false;
    Meeting* waits_for = nullptr;
    double given = 0;  ///< to other lanes
  };

  /// Kept from launch to launch.
  static std::vector<std::unique_ptr<std::byte[]>>& stacks() {
    static thread_local std::vector<std::unique_ptr<std::byte[]>> kept;
    return kept;
  }
  void prepare(unsigned i) {
    const auto count = static_cast<unsigned>(fibres_.size());
    Fibre& fibre = fibres_[i];
    warps_[i / 32] = {std::min(32U, count - i / 32 * 32), 0};
    ::getcontext(&fibre.context);
    fibre.context.uc_stack.ss_sp = stacks()[i].get();
    fibre.context.uc_stack.ss_size = stack_bytes;
    fibre.context.uc_link = &scheduler_;
    fibre.ended = false;
    fibre.waits_for = nullptr;
    ::makecontext(&fibre.context, &HostBlock::fibre_main, 0);
  }
  static void fibre_main() {
    HostBlock& block = *running();
    block.kernel_();
    block.fibres_[block.current_].ended = true;
    for (Meeting* meeting : {&block.all_, &block.warps_[block.current_ / 32]}) {
      --meeting->members;
      if (meeting->here > 0) block.go_on_when_all_are(*meeting);
    }
  }
  void wait_at(Meeting& meeting) {
    ++meeting.here;
    const unsigned own = current_;
    fibres_[own].waits_for = &meeting;
    go_on_when_all_are(meeting);
    if (fibres_[own].waits_for) ::swapcontext(&fibres_[own].context, &scheduler_);
  }
  void go_on_when_all_are(Meeting& meeting) {
    if (meeting.here < meeting.members) return;
    meeting.here = 0;
    for (Fibre& fibre : fibres_)
      if (fibre.waits_for == &meeting) fibre.waits_for = nullptr;
  }

  std::function<void()> kernel_;
  std::vector<Fibre> fibres_;
  std::vector<Meeting> warps_;
  Meeting all_;
  ucontext_t scheduler_{};
  unsigned current_ = 0;
};

inline void __syncthreads() { HostBlock::running()->wait(); }
template <class T>
T __shfl_down_sync(unsigned, T value, int offset) {
  return HostBlock::running()->from_lane_below(value, static_cast<unsigned>(offset));
}
// One rounding each: the host has no other product or sum here.
inline float __fmul_rn(float x, float y) { return x * y; }
inline float __fadd_rn(float x, float y) { return x + y; }

inline std::int64_t& launches() {
  static std::int64_t count = 0;
  return count;
}

template <class... Parameters, class... Arguments>
void launch(void (*kernel)(Parameters...), dim3 grid, unsigned threads, cudaStream_t, Arguments... arguments) {
  ++launches();
  HostBlock block(threads, [&] { kernel(arguments...); });
  blockDim = dim3(threads);
  gridDim = grid;
  for (unsigned y = 0; y < grid.y; ++y)
    for (unsigned x = 0; x < grid.x; ++x) {
      blockIdx = {x, y, 0};
      block.run();
    }
}

}  // namespace bandscope::cuda
