// SPDX-License-Identifier: Apache-2.0
// The memory of large tensors on the CPU. A pass makes and drops the same tensors block after block; memory that goes
// back to the system each time comes from it again page by page, each filled with zeros: more than a tenth of a step's
// time with passes of many pairs. Here it stays for the next tensor of about its size.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <unordered_map>

namespace bandscope::memory {

/// Bytes of the smallest tensors whose memory is kept; below, the heap reuses memory itself. Larger ones of passes of
/// many lengths leave holes in it, which came to 0.2 GiB beside 135M parameters.
inline constexpr int smallest_kept = 1 << 17;

/// Blocks that were given back and wait for their next use. What is kept and what is in use are together never more
/// than what was in use at one time before: keeping does not make a process larger than it has been. What nobody has
/// wanted for a minute goes back, so that a large evaluation does not fill the machine for the rest of a run. Safe for
/// threads.
class KeptBlocks {
 public:
  /// Where blocks come from and go to. `take` throws when there is none.
  struct Source {
    std::function<void*(std::size_t)> take;
    std::function<void(void*)> give;
    std::function<std::chrono::steady_clock::time_point()> now = &std::chrono::steady_clock::now;
  };
  static constexpr std::chrono::seconds longest_kept{60};
  explicit KeptBlocks(Source source) : source_(std::move(source)) {}
  KeptBlocks(const KeptBlocks&) = delete;
  KeptBlocks& operator=(const KeptBlocks&) = delete;
  ~KeptBlocks() { release(); }

  /// A block of at least `size` bytes. Where the source has none, what is kept goes back to it and it is asked again;
  /// throws what it threw the second time.
  void* take(std::size_t size);
  /// `block`: of take(), or of the source itself. Lets go of what has been kept for longest_kept. Needs no memory.
  void give(void* block) noexcept;
  /// Gives back to the source what is kept.
  void release();

  std::size_t kept() const;  ///< bytes
  std::size_t in_use() const;

 private:
  struct Block {
    void* data;
    std::size_t size;
    std::chrono::steady_clock::time_point since;
  };
  using Blocks = std::list<Block>;
  /// Moves a block of `from` to those in use.
  void* use(Blocks& from, Blocks::iterator block);
  /// Gives the longest kept blocks back until no more than `most` bytes are.
  void shrink_to(std::size_t most);
  void give_back_oldest();
  void* take_fresh(std::size_t size);

  Source source_;
  mutable std::mutex mutex_;
  Blocks kept_;  ///< the last that was given back first
  Blocks used_;
  std::unordered_map<void*, Blocks::iterator> of_data_;  ///< those in use
  std::size_t kept_bytes_ = 0, used_bytes_ = 0, most_used_ = 0;
};

/// From now on LibTorch's tensors on the CPU of `smallest_kept` and more have such blocks; for the life of the process.
void keep_blocks_of_tensors();

}  // namespace bandscope::memory
