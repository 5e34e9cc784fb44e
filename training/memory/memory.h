// SPDX-License-Identifier: Apache-2.0
// How much memory a run takes on one device, part by part, from what the engine allocates (step::StepEngine, AdamW,
// run_head). Specs are those of a run whose device is known: run.device is the one it takes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/spec/run_spec.h"
#include "training/data/pair_lengths.h"
#include "training/memory/parameter_counts.h"
#include "training/step/step_plan.h"

namespace bandscope::memory {

/// What spec.run.device names. "auto" is settled by who looks for a GPU: here it is the CPU.
c10::DeviceType device_type(const RunSpec& spec);

/// Bytes on one device when it is fullest.
struct MemoryPlan {
  std::int64_t weights = 0;  ///< the model, what is cast of it to compute type, and a second model as reference
  std::int64_t adapters = 0;
  std::int64_t gradients = 0;  ///< every accumulator that scores, branches and micro-batches need
  std::int64_t optimizer = 0;
  std::int64_t activations = 0;  ///< what the largest pass keeps for backward, and backward's own temporaries
  std::int64_t head = 0;         ///< logits of a chunk and their gradient
  std::int64_t total() const { return weights + adapters + gradients + optimizer + activations + head; }
};

/// One device of `processes` that share the run. `largest`: the pass that takes most. `scored`: rows that are scored in
/// a step; nullopt: as many as if all its pairs were of the longest's length.
MemoryPlan plan_memory(const model::ModelConfig& config, const RunSpec& spec, const ParameterCounts& counts,
                       std::span<const data::PairLengths> largest, int processes,
                       std::optional<std::int64_t> scored = std::nullopt);
/// Blocks that keep only their inputs for the backward pass: none without checkpointing, and all where the spec leaves
/// their number open.
std::int64_t recomputed_blocks(const model::ModelConfig& config, const RunSpec& spec);
/// Weights, adapters and a second model as they are loaded.
std::int64_t loaded_bytes(const RunSpec& spec, const ParameterCounts& counts);
/// What trained weights are cast to, from the first forward pass on.
std::int64_t cast_bytes(const RunSpec& spec, const ParameterCounts& counts);
/// activations + head of a pass; `step`: of the spec's steps.
std::int64_t passing_bytes(const model::ModelConfig& config, const RunSpec& spec, const ParameterCounts& counts,
                           const step::StepPlan& step, std::span<const data::PairLengths> pass);
/// Accumulators in bytes: how many of the seven slots of each parameter a step allocates. `fits`: a single pair's
/// logits fit one chunk, so that the output projection's own gradient is not kept apart. `sums_in_rows`:
/// step::StepPlan::sums_in_rows.
std::int64_t gradient_bytes(const RunSpec& spec, const ParameterCounts& counts, int processes, bool fits,
                            bool sums_in_rows);

}  // namespace bandscope::memory
