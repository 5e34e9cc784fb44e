// SPDX-License-Identifier: Apache-2.0
// How much memory a run takes on one device, part by part, from what the engine allocates (step::StepEngine, AdamW,
// run_head).
#pragma once

#include <cstdint>

#include "core/spec/run_spec.h"
#include "training/plan/lengths.h"
#include "training/plan/parameter_counts.h"
#include "training/step/step_plan.h"

namespace bandscope::plan {

/// Bytes on one device when it is fullest.
struct MemoryPlan {
  std::int64_t weights = 0;  ///< the model, what is cast of it to compute type, and a second model as reference
  std::int64_t adapters = 0;
  std::int64_t gradients = 0;  ///< every accumulator that scores, branches and micro-batches need
  std::int64_t optimizer = 0;
  std::int64_t activations = 0;  ///< what the largest micro-batch keeps for backward, and backward's own temporaries
  std::int64_t head = 0;         ///< logits of a chunk and their gradient
  std::int64_t total() const { return weights + adapters + gradients + optimizer + activations + head; }
};

/// One device of `processes` that share the run. `largest`: the micro-batch that takes most.
MemoryPlan plan_memory(const model::ModelConfig& config, const RunSpec& spec, const ParameterCounts& counts,
                       std::span<const PairLengths> largest, int processes);
/// activations + head of a micro-batch; `step`: of the spec's steps.
std::int64_t passing_bytes(const model::ModelConfig& config, const RunSpec& spec, const ParameterCounts& counts,
                           const step::StepPlan& step, std::span<const PairLengths> micro_batch);
/// Accumulators in bytes: how many of the seven slots of each parameter a step allocates. `fits`: a single pair's
/// logits fit one chunk, so that the output projection's own gradient is not kept apart.
std::int64_t gradient_bytes(const RunSpec& spec, const ParameterCounts& counts, int processes, bool fits);

}  // namespace bandscope::plan
