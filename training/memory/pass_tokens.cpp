// SPDX-License-Identifier: Apache-2.0
#include "training/memory/pass_tokens.h"

#include <algorithm>
#include <vector>

#include "training/step/step_plan.h"

namespace bandscope::memory {
namespace {

/// What passes take on a GPU whose weights lie there, where what else a step keeps does not yet.
class Room {
 public:
  Room(const model::ModelConfig& config, const RunSpec& spec, const ParameterCounts& counts, int processes)
      : config_(config), spec_(spec), counts_(counts), step_(step::step_plan(spec, processes)) {
    const std::int64_t prompt = std::min(spec.data.max_prompt_length, spec.data.max_length - 1),
                       response = std::max<std::int64_t>(1, spec.data.max_length - prompt);
    pair_ = {prompt, response, response};
    // Steps of long pairs make the output projection's sums, which take more than rows in their place.
    const std::int64_t too_many = 2 * config.hidden_size;
    const MemoryPlan one = plan_memory(config, spec, counts, std::span(&pair_, 1), processes, too_many);
    kept_ = one.gradients + one.optimizer + cast_bytes(spec, counts);
  }

  std::int64_t kept() const { return kept_; }
  /// An eighth stays free for what the allocator loses between blocks.
  std::int64_t left(std::int64_t free) const { return free - free / 8 - kept_; }
  /// Pairs of the greatest length; where fewer ids are left, shorter ones of the same kind.
  std::int64_t of_pass(std::int64_t tokens) const {
    const std::int64_t pairs = (tokens + pair_.tokens() - 1) / pair_.tokens(), each = tokens / pairs;
    const auto part = [&](std::int64_t ids) { return std::max<std::int64_t>(1, ids * each / pair_.tokens()); };
    const std::vector<data::PairLengths> pass(static_cast<std::size_t>(pairs),
                                              {part(pair_.prompt), part(pair_.chosen), part(pair_.rejected)});
    return passing_bytes(config_, spec_, counts_, step_, pass);
  }

 private:
  const model::ModelConfig& config_;
  const RunSpec& spec_;
  const ParameterCounts& counts_;
  step::StepPlan step_;
  data::PairLengths pair_;
  std::int64_t kept_ = 0;
};

/// A micro-batch of several pairs is a pass whatever its ids.
std::int64_t ids_of_pass(const RunSpec& spec, std::int64_t tokens) {
  return std::max(tokens, spec.training.micro_batch * spec.data.max_length);
}

bool left_open(const RunSpec& spec) { return spec.model.gradient_checkpointing && spec.model.recomputed_blocks == 0; }

}  // namespace

std::int64_t pass_tokens(const model::ModelConfig& config, const RunSpec& spec, const ParameterCounts& counts,
                         int processes, std::optional<std::int64_t> free) {
  if (spec.training.pass_tokens > 0) return spec.training.pass_tokens;
  if (!free) return step::step_plan(spec, processes).by_rows() ? cpu_kept_tokens : cpu_pass_tokens;
  const Room room(config, spec, counts, processes);
  const std::int64_t left = room.left(*free);
  std::int64_t tokens = most_pass_tokens;
  while (tokens > 1 && room.of_pass(tokens) > left) tokens /= 2;
  if (!left_open(spec)) return tokens;
  RunSpec without = spec;
  without.model.gradient_checkpointing = false;
  const Room larger(config, without, counts, processes);
  while (tokens > enough_pass_tokens && larger.of_pass(tokens) > left) tokens /= 2;
  return tokens;
}

void settle_recomputed_blocks(RunSpec& spec, const model::ModelConfig& config, const ParameterCounts& counts,
                              int processes, std::optional<std::int64_t> free, std::int64_t tokens) {
  if (!free || !left_open(spec)) return;
  const Room all(config, spec, counts, processes);
  const std::int64_t ids = ids_of_pass(spec, tokens), left = all.left(*free);
  for (std::int64_t blocks = 0; blocks < config.layers; ++blocks) {
    RunSpec fewer = spec;
    fewer.model.gradient_checkpointing = blocks > 0;
    fewer.model.recomputed_blocks = blocks;
    if (Room(config, fewer, counts, processes).of_pass(ids) > left) continue;
    spec = fewer;
    return;
  }
}

std::int64_t room_for_copies(const model::ModelConfig& config, const RunSpec& spec, const ParameterCounts& counts,
                             int processes, std::optional<std::int64_t> free, std::int64_t tokens) {
  if (!free || spec.model.tuning != Tuning::qlora) return 0;
  const Room room(config, spec, counts, processes);
  return std::max<std::int64_t>(0, *free - *free / 4 - room.kept() - room.of_pass(ids_of_pass(spec, tokens)));
}

}  // namespace bandscope::memory
