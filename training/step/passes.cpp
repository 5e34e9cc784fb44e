// SPDX-License-Identifier: Apache-2.0
#include "training/step/passes.h"

#include <algorithm>

namespace bandscope::step {

PassLimits pass_limits(const StepSettings& settings, const StepPlan& plan, std::int64_t vocabulary) {
  PassLimits limits;
  limits.micro_batch = plan.micro_batch;
  limits.shared = plan.by_pair && settings.pass_tokens > 0;
  limits.tokens = settings.pass_tokens;
  // The output projection's scores of a longer pair are accumulated chunk by chunk.
  if (!settings.adapters) limits.scored = settings.chunk.rows(vocabulary);
  // What the output projection's gradient is made of is kept beside that of the blocks.
  limits.scored_together = !settings.adapters && plan.by_rows();
  if (limits.shared && settings.longest_tokens > 0) {
    limits.shared = false;
    limits.micro_batch = settings.longest_scored > limits.scored
                             ? 1
                             : std::max<std::int64_t>(1, limits.tokens / settings.longest_tokens);
    if (limits.scored_together)
      limits.micro_batch =
          std::min(limits.micro_batch, std::max<std::int64_t>(1, limits.scored / settings.longest_scored));
  }
  return limits;
}

std::vector<std::size_t> passes(std::span<const data::PairLengths> pairs, const PassLimits& limits) {
  std::vector<std::size_t> result;
  for (std::size_t begin = 0; begin < pairs.size(); begin += result.back()) {
    std::size_t end = begin + 1;
    if (!limits.shared) {
      end = std::min(begin + static_cast<std::size_t>(limits.micro_batch), pairs.size());
    } else if (pairs[begin].scored() <= limits.scored) {
      std::int64_t tokens = pairs[begin].tokens(), scored = pairs[begin].scored();
      while (end < pairs.size() && pairs[end].scored() + (limits.scored_together ? scored : 0) <= limits.scored &&
             tokens + pairs[end].tokens() <= limits.tokens) {
        tokens += pairs[end].tokens();
        scored += pairs[end++].scored();
      }
    }
    result.push_back(end - begin);
  }
  return result;
}

std::vector<std::size_t> passes(std::span<const data::TokenPair* const> pairs, const PassLimits& limits) {
  std::vector<data::PairLengths> lengths;
  lengths.reserve(pairs.size());
  for (const data::TokenPair* pair : pairs) lengths.push_back(data::lengths_of(*pair));
  return passes(lengths, limits);
}

}  // namespace bandscope::step
