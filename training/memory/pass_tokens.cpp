// SPDX-License-Identifier: Apache-2.0
#include "training/memory/pass_tokens.h"

#include <algorithm>
#include <vector>

#include "training/step/step_plan.h"

namespace bandscope::memory {

std::int64_t pass_tokens(const model::ModelConfig& config, const RunSpec& spec, const ParameterCounts& counts,
                         int processes, std::optional<std::int64_t> free) {
  if (spec.training.pass_tokens > 0) return spec.training.pass_tokens;
  const step::StepPlan step = step::step_plan(spec, processes);
  if (!free) return step.by_rows() ? cpu_kept_tokens : cpu_pass_tokens;
  const std::int64_t prompt = std::min(spec.data.max_prompt_length, spec.data.max_length - 1),
                     response = std::max<std::int64_t>(1, spec.data.max_length - prompt);
  const data::PairLengths pair = {prompt, response, response};
  // Pairs of the greatest length; where fewer ids are left, shorter ones of the same kind.
  const auto takes = [&](std::int64_t tokens) {
    const std::int64_t pairs = (tokens + pair.tokens() - 1) / pair.tokens(), each = tokens / pairs;
    const auto part = [&](std::int64_t ids) { return std::max<std::int64_t>(1, ids * each / pair.tokens()); };
    const std::vector<data::PairLengths> pass(static_cast<std::size_t>(pairs),
                                              {part(pair.prompt), part(pair.chosen), part(pair.rejected)});
    return passing_bytes(config, spec, counts, step, pass);
  };
  // Weights lie on the device when this is asked; what else a step keeps does not yet. An eighth stays free for what
  // the allocator loses between blocks.
  // Steps of long pairs make the output projection's sums, which take more than rows in their place.
  const std::int64_t too_many = 2 * config.hidden_size;
  const MemoryPlan one = plan_memory(config, spec, counts, std::span(&pair, 1), processes, too_many);
  const std::int64_t left = *free - *free / 8 - one.gradients - one.optimizer - cast_bytes(spec, counts);
  std::int64_t tokens = most_pass_tokens;
  while (tokens > 1 && takes(tokens) > left) tokens /= 2;
  return tokens;
}

}  // namespace bandscope::memory
