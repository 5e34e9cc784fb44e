// SPDX-License-Identifier: Apache-2.0
#include "training/memory/pass_tokens.h"

#include <algorithm>
#include <bit>

#include "training/step/step_plan.h"

namespace bandscope::memory {

std::int64_t pass_tokens(const model::ModelConfig& config, const RunSpec& spec, const ParameterCounts& counts,
                         int processes, std::optional<std::int64_t> free) {
  if (spec.training.pass_tokens > 0) return spec.training.pass_tokens;
  if (!free) return cpu_pass_tokens;
  // A pair of the greatest length, and two of them: what is there once, and what grows with the ids.
  const std::int64_t prompt = std::min(spec.data.max_prompt_length, spec.data.max_length - 1),
                     response = std::max<std::int64_t>(1, spec.data.max_length - prompt);
  const data::PairLengths pairs[2] = {{prompt, response, response}, {prompt, response, response}};
  const MemoryPlan one = plan_memory(config, spec, counts, std::span(pairs).first(1), processes);
  const step::StepPlan step = step::step_plan(spec, processes);
  const auto bytes = [&](std::size_t count) {
    return static_cast<double>(passing_bytes(config, spec, counts, step, std::span(pairs).first(count)));
  };
  const auto tokens = static_cast<double>(pairs[0].tokens());
  const double each = (bytes(2) - bytes(1)) / tokens, once = std::max(0.0, bytes(1) - each * tokens);
  // Weights lie on the device when this is asked; what else a step keeps does not yet. An eighth stays free for what
  // the allocator loses between blocks.
  const double to_come = static_cast<double>(one.gradients + one.optimizer + cast_bytes(spec, counts)) + once;
  const double most = (static_cast<double>(*free) * 7 / 8 - to_come) / each;
  if (!(most >= 1)) return 1;
  return static_cast<std::int64_t>(
      std::bit_floor(static_cast<std::uint64_t>(std::min(most, static_cast<double>(most_pass_tokens)))));
}

}  // namespace bandscope::memory
