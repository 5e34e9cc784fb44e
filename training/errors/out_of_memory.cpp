// SPDX-License-Identifier: Apache-2.0
#include "training/errors/out_of_memory.h"

#include <c10/util/Exception.h>

#include <new>
#include <string_view>

namespace bandscope::errors {

bool is_out_of_memory(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) || dynamic_cast<const c10::OutOfMemoryError*>(&error)) return true;
  // The host's allocator has no type of its own for it.
  const auto* from_torch = dynamic_cast<const c10::Error*>(&error);
  return from_torch &&
         std::string_view(from_torch->what_without_backtrace()).find("DefaultCPUAllocator: ") != std::string_view::npos;
}

std::int64_t largest_that_fits(std::int64_t batch_size, std::int64_t failed,
                               const std::function<bool(std::int64_t)>& fits) {
  for (std::int64_t size = failed - 1; size > 0; --size)
    if (batch_size % size == 0 && fits(size)) return size;
  return 0;
}

std::string out_of_memory_message(const std::string& device, std::int64_t failed, std::optional<std::int64_t> fitting) {
  const std::string start =
      "out of memory on " + device + " with training.micro_batch = " + std::to_string(failed) + "; ";
  if (fitting && *fitting > 0)
    return start + "training.micro_batch = " + std::to_string(*fitting) + " fits this step's pairs";
  const char* why = failed == 1 ? "that is the least" : fitting ? "not even 1 fits" : "a smaller one may fit";
  return start + why +
         "; what also takes less: model.dtype = \"bfloat16\", model.tuning = \"lora\" or \"qlora\", "
         "model.gradient_checkpointing and data.max_length";
}

}  // namespace bandscope::errors
