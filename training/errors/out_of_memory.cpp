// SPDX-License-Identifier: Apache-2.0
#include "training/errors/out_of_memory.h"

#include <c10/util/Exception.h>

#include <algorithm>
#include <new>
#include <string_view>

namespace bandscope::errors {

bool is_out_of_memory(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) || dynamic_cast<const c10::OutOfMemoryError*>(&error)) return true;
  // The host's allocator has no type of its own for it, nor have the libraries that take memory beside LibTorch's.
  const auto* from_torch = dynamic_cast<const c10::Error*>(&error);
  if (!from_torch) return false;
  const std::string_view text = from_torch->what_without_backtrace();
  constexpr std::string_view signs[] = {"DefaultCPUAllocator: ",
                                        "CUDA error: out of memory",
                                        "CUDA driver error: out of memory",
                                        "CUBLAS_STATUS_ALLOC_FAILED",
                                        "CUSOLVER_STATUS_ALLOC_FAILED",
                                        "CUDNN_STATUS_ALLOC_FAILED",
                                        "CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED",
                                        "CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED"};
  return std::ranges::any_of(signs, [&](std::string_view sign) { return text.find(sign) != std::string_view::npos; });
}

std::int64_t largest_that_fits(std::int64_t batch_size, std::int64_t failed,
                               const std::function<bool(std::int64_t)>& fits) {
  for (std::int64_t size = failed - 1; size > 0; --size)
    if (batch_size % size == 0 && fits(size)) return size;
  return 0;
}

Message out_of_memory_message(const std::string& device, std::int64_t failed, std::optional<std::int64_t> fitting) {
  const auto with = [&](const Message& what) {
    return Message::tr("out of memory on %1 with training.micro_batch = %2; %3", device, failed, what);
  };
  if (fitting && *fitting > 0) return with(Message::tr("training.micro_batch = %1 fits this step's pairs", *fitting));
  const Message why = failed == 1 ? Message::tr("that is the least")
                      : fitting   ? Message::tr("not even 1 fits")
                                  : Message::tr("a smaller one may fit");
  return Message::tr(
      "%1; what also takes less: model.dtype = \"bfloat16\", model.tuning = \"lora\" or \"qlora\", "
      "model.gradient_checkpointing and data.max_length",
      with(why));
}

}  // namespace bandscope::errors
