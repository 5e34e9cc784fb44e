// SPDX-License-Identifier: Apache-2.0
#include "training/plan/lengths.h"

#include <algorithm>

#include "training/data/pairs.h"
#include "training/data/rows.h"
#include "training/text/tokenizer.h"
#include "training/trainer/sampler.h"

namespace bandscope {
namespace {

PairLengths longest_allowed(const RunSpec& spec) {
  const std::int64_t prompt = std::min(spec.data.max_prompt_length, spec.data.max_length - 1), response = std::max<std::int64_t>(1, spec.data.max_length - prompt);
  return {prompt, response, response};
}

std::int64_t count_rows(const DataSource& data) {
  std::int64_t rows = 0;
  load_rows(data, [&](const Row&) {
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
  const Tokenizer tokenizer = Tokenizer::load(spec.model.path);
  const std::int64_t wanted = limit > 0 ? std::min(limit, most_sampled) : most_sampled;
  const PairSet set = load_pairs({spec.data.train, spec.data.split}, tokenizer, {wanted, spec.data.max_length, spec.data.max_prompt_length});
  for (const TokenPair& pair : set.pairs)
    result.sample.push_back({static_cast<std::int64_t>(pair.prompt.size()), static_cast<std::int64_t>(pair.chosen.size()),
                             static_cast<std::int64_t>(pair.rejected.size())});
  result.pairs = static_cast<std::int64_t>(set.pairs.size());
  if (result.pairs < wanted || result.pairs == limit) return result;
  const double usable = static_cast<double>(result.pairs) / static_cast<double>(result.pairs + set.unusable);
  const auto all = static_cast<std::int64_t>(usable * static_cast<double>(count_rows({spec.data.train, spec.data.split})));
  result.pairs = std::max(result.pairs, limit > 0 ? std::min(limit, all) : all);
  result.estimated = result.pairs > wanted;
  return result;
}

std::vector<std::vector<PairLengths>> micro_batches(const RunSpec& spec, const DataLengths& data) {
  const auto micro = static_cast<std::size_t>(spec.training.micro_batch);
  const auto count = static_cast<std::int64_t>(data.sample.size());
  // The whole order of a long run says no more about the largest micro-batch than some epochs of the sample do.
  const std::int64_t steps = std::min(total_steps(spec.training, data.pairs), 1 + 4 * count / spec.training.batch_size);
  const auto order = sample_order(count, steps, spec.training.batch_size, spec.data.shuffle, spec.run.seed);
  std::vector<std::vector<PairLengths>> result;
  for (std::size_t begin = 0; begin + micro <= order.size(); begin += micro) {
    std::vector<PairLengths> batch;
    for (std::size_t i = begin; i < begin + micro; ++i) batch.push_back(data.sample[static_cast<std::size_t>(order[i])]);
    result.push_back(std::move(batch));
  }
  return result;
}

}  // namespace bandscope
