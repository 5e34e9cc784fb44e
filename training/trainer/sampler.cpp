// SPDX-License-Identifier: Apache-2.0
#include "training/trainer/sampler.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "core/spec/key_rules.h"

namespace bandscope::trainer {
namespace {

/// Fisher-Yates with a generator whose sequence the standard fixes (std::shuffle's is the library's own choice).
std::vector<std::int64_t> permutation(std::int64_t count, std::uint64_t seed, std::uint64_t epoch) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  std::seed_seq sequence{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32),
                         static_cast<std::uint32_t>(epoch), static_cast<std::uint32_t>(epoch >> 32)};
  std::mt19937_64 generator(sequence);
  for (std::size_t i = order.size(); i > 1; --i) {
    // Rejection keeps the draw uniform.
    const std::uint64_t limit = std::mt19937_64::max() - std::mt19937_64::max() % i;
    std::uint64_t draw = generator();
    while (draw >= limit) draw = generator();
    std::swap(order[i - 1], order[draw % i]);
  }
  return order;
}

}  // namespace

std::int64_t total_steps(const RunSpec::Training& training, std::int64_t pairs) {
  if (training.steps) return *training.steps;
  const double epochs = training.epochs.value_or(1.0);
  // A product such as 0.1 * 40 may lie a rounding error below the whole number that is meant.
  const double steps =
      std::min(epochs * static_cast<double>(pairs) / static_cast<double>(training.batch_size), kMostSteps);
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(std::floor(steps + 1e-9)));
}

std::vector<std::int64_t> SampleOrder::range(std::int64_t begin, std::int64_t count) const {
  std::vector<std::int64_t> places;
  places.reserve(static_cast<std::size_t>(count));
  for (std::int64_t place = begin; place < begin + count; ++place) {
    const std::int64_t epoch = place / pairs_, within = place % pairs_;
    if (shuffle_ && epoch != epoch_) {
      permuted_ = permutation(pairs_, seed_, static_cast<std::uint64_t>(epoch));
      epoch_ = epoch;
    }
    places.push_back(shuffle_ ? permuted_[static_cast<std::size_t>(within)] : within);
  }
  return places;
}

}  // namespace bandscope::trainer
