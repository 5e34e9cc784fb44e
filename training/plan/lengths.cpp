// SPDX-License-Identifier: Apache-2.0
#include "training/plan/lengths.h"

#include <algorithm>

#include "core/error.h"
#include "core/spec/objective_choice.h"
#include "training/data/pairs.h"
#include "training/data/rows.h"
#include "training/text/tokenizer.h"
#include "training/trainer/sampler.h"

namespace bandscope::plan {
namespace {

PairLengths longest_allowed(const RunSpec& spec) {
  const std::int64_t prompt = std::min(spec.data.max_prompt_length, spec.data.max_length - 1),
                     response = std::max<std::int64_t>(1, spec.data.max_length - prompt);
  return {prompt, response, response, 0};
}

std::int64_t count_rows(const data::DataSource& data) {
  std::int64_t rows = 0;
  data::load_rows(data, [&](const data::DataRow&) {
    ++rows;
    return true;
  });
  return rows;
}

}  // namespace

DataLengths read_lengths(const RunSpec& spec) {
  DataLengths result;
  const std::int64_t limit = spec.data.limit;
  if (!std::filesystem::exists(spec.model.path / "tokenizer.json")) {
    result.sample.push_back(longest_allowed(spec));
    result.assumed = true;
    const std::int64_t rows = count_rows({spec.data.train, spec.data.split});
    result.pairs = limit > 0 ? std::min(limit, rows) : rows;
    return result;
  }
  const text::Tokenizer tokenizer = text::Tokenizer::load(spec.model.path);
  const std::int64_t wanted = limit > 0 ? std::min(limit, most_sampled) : most_sampled;
  const data::PairSet set = data::load_pairs({spec.data.train, spec.data.split}, tokenizer,
                                             {wanted, spec.data.max_length, spec.data.max_prompt_length,
                                              objective_info(spec.objective).unpaired, spec.objective.name});
  for (const data::TokenPair& pair : set.pairs)
    result.sample.push_back(
        {static_cast<std::int64_t>(pair.prompt.size()), static_cast<std::int64_t>(pair.chosen.size()),
         static_cast<std::int64_t>(pair.rejected.size()), static_cast<std::int64_t>(pair.rejected_prompt.size())});
  result.pairs = static_cast<std::int64_t>(set.pairs.size());
  if (result.pairs < wanted || result.pairs == limit) return result;
  // Of rows of one response a pair is one of the more frequent label.
  const std::int64_t seen = (set.unpaired() ? set.desirable + set.undesirable + set.beyond : result.pairs);
  const double usable = static_cast<double>(result.pairs + set.beyond) / static_cast<double>(seen + set.unusable);
  const auto all =
      static_cast<std::int64_t>(usable * static_cast<double>(count_rows({spec.data.train, spec.data.split})));
  result.pairs = std::max(result.pairs, limit > 0 ? std::min(limit, all) : all);
  result.estimated = result.pairs > wanted;
  return result;
}

std::vector<std::vector<PairLengths>> steps(const RunSpec& spec, const DataLengths& data) {
  const auto count = static_cast<std::int64_t>(data.sample.size());
  // The whole order of a long run says no more about the largest pass than some epochs of the sample do.
  const std::int64_t steps =
      std::min(trainer::total_steps(spec.training, data.pairs), 1 + 4 * count / spec.training.batch_size);
  const trainer::SampleOrder order(count, spec.data.shuffle, spec.run.seed);
  std::vector<std::vector<PairLengths>> result(static_cast<std::size_t>(steps));
  for (std::int64_t step = 0; step < steps; ++step)
    for (const std::int64_t index : order.range(step * spec.training.batch_size, spec.training.batch_size))
      result[static_cast<std::size_t>(step)].push_back(data.sample[static_cast<std::size_t>(index)]);
  return result;
}

std::vector<std::vector<PairLengths>> passes(std::span<const std::vector<PairLengths>> steps,
                                             const step::PassLimits& limits) {
  // More than this in one forward pass is a slip; the plan's sums of bytes stay within 64 bits below it.
  constexpr std::int64_t most_tokens = std::int64_t{1} << 28;
  std::vector<std::vector<PairLengths>> result;
  for (const std::vector<PairLengths>& pairs : steps) {
    auto first = pairs.begin();
    for (const std::size_t size : step::passes(pairs, limits)) {
      const std::vector<PairLengths> pass(first, first + static_cast<std::ptrdiff_t>(size));
      first += static_cast<std::ptrdiff_t>(size);
      std::int64_t tokens = 0;
      for (const PairLengths& pair : pass) tokens += pair.tokens();
      if (tokens > most_tokens)
        throw key_error(
            "training.micro_batch",
            Message::tr("%1 pairs have %2 tokens; at most %3 go through one forward pass", size, tokens, most_tokens));
      result.push_back(pass);
    }
  }
  return result;
}

}  // namespace bandscope::plan
