// SPDX-License-Identifier: Apache-2.0
#include "training/memory/kept_blocks.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>

#include <algorithm>

namespace bandscope::memory {
namespace {

/// Passes differ by some rows; a block may be larger than what is asked for by this share of it.
constexpr std::size_t share_wasted = 8;

/// LibTorch's allocator, but for large tensors.
class TensorAllocator : public c10::Allocator {
 public:
  c10::DataPtr allocate(std::size_t size) override {
    if (size < smallest_kept) return small_->allocate(size);
    void* data = blocks().take(size);
    return {data, data, &give, c10::Device(c10::DeviceType::CPU)};
  }
  // raw_deallocate() knows no size: both kinds of blocks go through the same function.
  c10::DeleterFnPtr raw_deleter() const override { return &give; }
  void copy_data(void* to, const void* from, std::size_t count) const override { default_copy_data(to, from, count); }

 private:
  /// LibTorch's deleters are functions without state. Never destroyed: tensors may outlive everything.
  static KeptBlocks& blocks() {
    static auto* all = new KeptBlocks({[](std::size_t size) { return c10::alloc_cpu(size); }, &c10::free_cpu});
    return *all;
  }
  static void give(void* block) {
    if (block) blocks().give(block);
  }

  c10::Allocator* small_ = c10::GetDefaultCPUAllocator();
};

}  // namespace

void* KeptBlocks::take(std::size_t size) {
  const std::lock_guard lock(mutex_);
  auto best = kept_.end();
  for (auto block = kept_.begin(); block != kept_.end(); ++block)
    if (block->size >= size && block->size - size <= size / share_wasted &&
        (best == kept_.end() || block->size < best->size))
      best = block;
  if (best == kept_.end()) return take_fresh(size);
  const Block block = *best;
  kept_.erase(best);
  kept_bytes_ -= block.size;
  used_bytes_ += block.size;
  used_.emplace(block.data, block.size);
  return block.data;
}

void* KeptBlocks::take_fresh(std::size_t size) {
  const std::size_t use = used_bytes_ + size;
  shrink_to(most_used_ > use ? most_used_ - use : 0);
  void* data = nullptr;
  try {
    data = source_.take(size);
  } catch (...) {
    if (kept_.empty()) throw;
    shrink_to(0);
    data = source_.take(size);
  }
  used_.emplace(data, size);
  used_bytes_ = use;
  most_used_ = std::max(most_used_, use);
  return data;
}

void KeptBlocks::give(void* block) {
  const std::lock_guard lock(mutex_);
  const auto used = used_.find(block);
  if (used == used_.end()) {
    source_.give(block);
    return;
  }
  const auto now = source_.now();
  kept_.push_front({block, used->second, now});
  kept_bytes_ += used->second;
  used_bytes_ -= used->second;
  used_.erase(used);
  while (now - kept_.back().since > longest_kept) give_back_oldest();
}

void KeptBlocks::shrink_to(std::size_t most) {
  while (kept_bytes_ > most) give_back_oldest();
}

void KeptBlocks::give_back_oldest() {
  source_.give(kept_.back().data);
  kept_bytes_ -= kept_.back().size;
  kept_.pop_back();
}

void KeptBlocks::release() {
  const std::lock_guard lock(mutex_);
  shrink_to(0);
}

std::size_t KeptBlocks::kept() const {
  const std::lock_guard lock(mutex_);
  return kept_bytes_;
}
std::size_t KeptBlocks::in_use() const {
  const std::lock_guard lock(mutex_);
  return used_bytes_;
}

void keep_blocks_of_tensors() { c10::SetCPUAllocator(new TensorAllocator, /*priority=*/1); }

}  // namespace bandscope::memory
