// SPDX-License-Identifier: Apache-2.0
#include "training/trainer/sampler.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

namespace bandscope {
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
  const double steps = epochs * static_cast<double>(pairs) / static_cast<double>(training.batch_size);
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(std::floor(steps + 1e-9)));
}

std::vector<std::int64_t> sample_order(std::int64_t pairs, std::int64_t steps, std::int64_t batch_size, bool shuffle,
                                       std::uint64_t seed) {
  std::vector<std::int64_t> order;
  const auto wanted = static_cast<std::size_t>(steps * batch_size);
  order.reserve(wanted);
  for (std::uint64_t epoch = 0; order.size() < wanted; ++epoch) {
    std::vector<std::int64_t> indices;
    if (shuffle) {
      indices = permutation(pairs, seed, epoch);
    } else {
      indices.resize(static_cast<std::size_t>(pairs));
      std::iota(indices.begin(), indices.end(), 0);
    }
    const std::size_t take = std::min(wanted - order.size(), indices.size());
    order.insert(order.end(), indices.begin(), indices.begin() + static_cast<std::ptrdiff_t>(take));
  }
  return order;
}

}  // namespace bandscope
