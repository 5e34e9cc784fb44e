// SPDX-License-Identifier: Apache-2.0
#include "training/memory/kept_blocks.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>

#include <algorithm>

namespace bandscope::memory {
namespace {

/// Passes differ by some rows; a block may be larger than what is asked for by this much. Of large blocks, which come
/// in huge pages, little is lost when others take their place.
constexpr std::size_t most_wasted(std::size_t size) { return size / (size < std::size_t{2} << 20 ? 2 : 8); }

/// LibTorch's allocator, but for large tensors. All have one deleter, as raw_deleter() promises.
class TensorAllocator : public c10::Allocator {
 public:
  c10::DataPtr allocate(std::size_t size) override {
    void* data = size < smallest_kept ? c10::alloc_cpu(size) : blocks().take(size);
    return {data, data, &give, c10::Device(c10::DeviceType::CPU)};
  }
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
};

}  // namespace

void* KeptBlocks::take(std::size_t size) {
  const std::lock_guard lock(mutex_);
  auto best = kept_.end();
  for (auto block = kept_.begin(); block != kept_.end(); ++block)
    if (block->size >= size && block->size - size <= most_wasted(size) &&
        (best == kept_.end() || block->size < best->size))
      best = block;
  return best == kept_.end() ? take_fresh(size) : use(kept_, best);
}

void* KeptBlocks::use(Blocks& from, Blocks::iterator block) {
  of_data_.emplace(block->data, block);
  if (&from == &kept_) kept_bytes_ -= block->size;
  used_bytes_ += block->size;
  most_used_ = std::max(most_used_, used_bytes_);
  used_.splice(used_.begin(), from, block);
  return block->data;
}

void* KeptBlocks::take_fresh(std::size_t size) {
  const std::size_t use_then = used_bytes_ + size;
  shrink_to(most_used_ > use_then ? most_used_ - use_then : 0);
  Blocks fresh(1);
  Block& block = fresh.front();
  block.size = size;
  try {
    block.data = source_.take(size);
  } catch (...) {
    if (kept_.empty()) throw;
    shrink_to(0);
    block.data = source_.take(size);
  }
  try {
    return use(fresh, fresh.begin());
  } catch (...) {
    source_.give(block.data);
    throw;
  }
}

void KeptBlocks::give(void* data) noexcept {
  const std::lock_guard lock(mutex_);
  const auto found = of_data_.find(data);
  if (found == of_data_.end()) {
    source_.give(data);
    return;
  }
  const auto block = found->second;
  of_data_.erase(found);
  block->since = source_.now();
  kept_bytes_ += block->size;
  used_bytes_ -= block->size;
  kept_.splice(kept_.begin(), used_, block);
  while (block->since - kept_.back().since > longest_kept) give_back_oldest();
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
