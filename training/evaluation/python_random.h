// SPDX-License-Identifier: Apache-2.0
// Python's random.Random, as far as few-shot examples are drawn with it: the same examples need the same numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace bandscope::evaluation {

class PythonRandom {
 public:
  /// random.Random(seed) of a whole number that is not negative.
  explicit PythonRandom(std::uint64_t seed);
  /// The indices that random.sample(range(population), count) gives (Python 3.11 and later), count <= population.
  std::vector<std::size_t> sample(std::size_t population, std::size_t count);

 private:
  /// A whole number below `bound`, without bias.
  std::size_t below(std::size_t bound);

  std::mt19937 twister_;
};

}  // namespace bandscope::evaluation
