// SPDX-License-Identifier: Apache-2.0
// What attention takes of a pass's memory, by the kernel that a device has for it.
#pragma once

#include <cstdint>
#include <span>

#include "core/spec/run_spec.h"
#include "training/data/pair_lengths.h"
#include "training/model/config.h"

namespace bandscope::memory {

inline constexpr std::int64_t wide = 4;  ///< bytes of a float32
inline std::int64_t compute_bytes(const RunSpec& spec) { return spec.model.dtype == Dtype::bfloat16 ? 2 : wide; }

/// Values that a block keeps per row: queries, keys, values, and attention's output.
std::int64_t attention_values(const model::ModelConfig& config, const RunSpec& spec);
/// What a block keeps of rows that the kernel has a second time: prompts of two responses.
std::int64_t repeated_bytes(const model::ModelConfig& config, const RunSpec& spec, bool apart,
                            std::span<const data::PairLengths> pairs);
/// Masks of a pass, where there is no kernel that goes without.
std::int64_t mask_bytes(const model::ModelConfig& config, const RunSpec& spec, bool apart,
                        std::span<const data::PairLengths> pairs);
/// Capped scores of the longest segment: probabilities, slopes and the gradients of both, which no kernel keeps small.
std::int64_t capped_score_bytes(const model::ModelConfig& config, bool apart, std::span<const data::PairLengths> pairs);
/// What the backward pass of a block's attention works with; 0 without a kernel of its own, whose gradients are smaller
/// than the MLP's.
std::int64_t attention_backward_bytes(const model::ModelConfig& config, const RunSpec& spec, bool apart,
                                      std::span<const data::PairLengths> pairs);

}  // namespace bandscope::memory
