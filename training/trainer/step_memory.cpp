// SPDX-License-Identifier: Apache-2.0
// A step that runs out of memory says which micro-batch would have fitted.
#include "core/error.h"
#include "training/cuda/device_kernels.h"
#include "training/errors/out_of_memory.h"
#include "training/trainer/step.h"

namespace bandscope::trainer {

StepOutcome StepEngine::run(std::span<const data::TokenPair* const> batch,
                            std::span<const likelihood::TokenLogProbs* const> references) {
  try {
    return run_whole(batch, references);
  } catch (const std::exception& error) {
    if (!errors::is_out_of_memory(error)) throw;
  }
  const at::Device device = policy_.options().device;
  const std::int64_t failed = settings_.micro_batch;
  std::optional<std::int64_t> fitting;
  // Other processes would wait for the exchanges of the trial.
  if (group_.alone()) {
    const Calibration before = calibration_;
    fitting = errors::largest_that_fits(static_cast<std::int64_t>(batch.size()), failed, [&](std::int64_t size) {
      if (device.is_cuda() && cuda::device_kernels()) cuda::device_kernels()->release_cache();
      settings_.micro_batch = size;
      try {
        run_whole(batch, references);
        return true;
      } catch (const std::exception& error) {
        if (!errors::is_out_of_memory(error)) throw;
        return false;
      }
    });
    settings_.micro_batch = failed;
    calibration_ = before;
  }
  throw RunError(errors::out_of_memory_message(device.str(), failed, fitting));
}

}  // namespace bandscope::trainer
