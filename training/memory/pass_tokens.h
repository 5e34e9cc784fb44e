// SPDX-License-Identifier: Apache-2.0
// How many ids share a forward and backward pass where a spec leaves that to the engine, and what a GPU has left beside
// such passes.
#pragma once

#include <cstdint>
#include <optional>

#include "training/memory/memory.h"

namespace bandscope::memory {

/// On the CPU: beyond it matrix products gain little, and a pass takes more memory.
inline constexpr std::int64_t cpu_pass_tokens = 512;
/// The same where a pass's rows are kept until its pairs are calibrated (StepPlan::by_rows).
inline constexpr std::int64_t cpu_kept_tokens = 256;
/// On a GPU: beyond it nothing waits for kernels to start.
inline constexpr std::int64_t most_pass_tokens = 16384;
/// The same, where more would make blocks run again, which costs more than kernels that wait a little.
inline constexpr std::int64_t enough_pass_tokens = 4096;

/// training.pass_tokens, or where that is 0 what suits the device. `free`: bytes that can still be had of the GPU that
/// the weights are on; nullopt: on the CPU. A power of two on a GPU, so that a little more or less memory makes no
/// difference.
std::int64_t pass_tokens(const model::ModelConfig& config, const RunSpec& spec, const ParameterCounts& counts,
                         int processes, std::optional<std::int64_t> free);

/// What spec.model leaves open of gradient checkpointing: as few blocks as passes of `tokens` in `free` ask for. On the
/// CPU (nullopt) all of them.
void settle_recomputed_blocks(RunSpec& spec, const model::ModelConfig& config, const ParameterCounts& counts,
                              int processes, std::optional<std::int64_t> free, std::int64_t tokens);

/// Bytes of weights in 4 bits that may also be kept in full (Decoder::keep_in_full): what steps with passes of `tokens`
/// leave of `free`, less a quarter, in which evaluations and answers work. 0 on the CPU, where 4 bits are chosen for
/// their size.
std::int64_t room_for_copies(const model::ModelConfig& config, const RunSpec& spec, const ParameterCounts& counts,
                             int processes, std::optional<std::int64_t> free, std::int64_t tokens);

}  // namespace bandscope::memory
