// SPDX-License-Identifier: Apache-2.0
#include "training/process_setup.h"

#include <malloc.h>
#include <unistd.h>

#include <cstdlib>

#include "training/memory/kept_blocks.h"

namespace bandscope {

void set_up_training_process(char** argv) {
  bool set = false;
  if (!std::getenv("OMP_WAIT_POLICY")) {
    // LibTorch's OpenMP threads spin at barriers; beside any other busy process that makes two threads slower than one.
    // Sleeping at once costs a waking at each of a step's thousands of barriers: a fifth of a LoRA step. A short spin
    // has most of both: it loses 13 % beside one busy process on two cores, where four times as long a one loses half.
    ::setenv("OMP_WAIT_POLICY", "passive", 1);
    ::setenv("GOMP_SPINCOUNT", "5000", 0);
    set = true;
  }
  if (!std::getenv("THP_MEM_ALLOC_ENABLE")) {
    // Tensors of 2 MiB and more in huge pages, where the system offers them: a fifth less processor time in a step.
    ::setenv("THP_MEM_ALLOC_ENABLE", "1", 1);
    set = true;
  }
  if (set) ::execv("/proc/self/exe", argv);
  // Left to itself glibc puts tensors of up to 32 MiB on the heap, where those of micro-batches of different lengths
  // leave holes: up to a fifth more memory than is in use.
  ::mallopt(M_MMAP_THRESHOLD, memory::smallest_kept);
  memory::keep_blocks_of_tensors();
}

}  // namespace bandscope
