// SPDX-License-Identifier: Apache-2.0
#include "training/evaluation/python_random.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <set>
#include <sstream>

namespace bandscope::evaluation {
namespace {

constexpr std::size_t kWords = 624;

/// The twister's state for a key, as its authors' init_by_array() makes it, which Python seeds with.
std::array<std::uint32_t, kWords> state_of(const std::vector<std::uint32_t>& key) {
  std::array<std::uint32_t, kWords> state{};
  state[0] = 19650218U;
  for (std::uint32_t i = 1; i < kWords; ++i) state[i] = 1812433253U * (state[i - 1] ^ (state[i - 1] >> 30)) + i;
  std::size_t i = 1, j = 0;
  const auto wrap = [&] {
    if (i < kWords) return;
    state[0] = state[kWords - 1];
    i = 1;
  };
  for (std::size_t k = std::max(kWords, key.size()); k > 0; --k) {
    state[i] = (state[i] ^ ((state[i - 1] ^ (state[i - 1] >> 30)) * 1664525U)) + key[j] + static_cast<std::uint32_t>(j);
    ++i;
    if (++j >= key.size()) j = 0;
    wrap();
  }
  for (std::size_t k = kWords - 1; k > 0; --k) {
    state[i] = (state[i] ^ ((state[i - 1] ^ (state[i - 1] >> 30)) * 1566083941U)) - static_cast<std::uint32_t>(i);
    ++i;
    wrap();
  }
  state[0] = 0x80000000U;
  return state;
}

}  // namespace

PythonRandom::PythonRandom(std::uint64_t seed) {
  std::vector<std::uint32_t> key = {static_cast<std::uint32_t>(seed)};
  if (seed >> 32) key.push_back(static_cast<std::uint32_t>(seed >> 32));
  // The standard library's twister takes a whole state only as text; its last number is the place in it.
  std::ostringstream text;
  for (const std::uint32_t word : state_of(key)) text << word << ' ';
  text << kWords;
  std::istringstream(text.str()) >> twister_;
}

std::size_t PythonRandom::below(std::size_t bound) {
  const auto bits = static_cast<int>(std::bit_width(bound));
  while (true) {
    const std::size_t number = static_cast<std::uint32_t>(twister_()) >> (32 - bits);
    if (number < bound) return number;
  }
}

std::vector<std::size_t> PythonRandom::sample(std::size_t population, std::size_t count) {
  // Whether the population is copied or drawn from in place follows from what Python guesses that sets take.
  std::size_t set_size = 21;
  if (count > 5)
    set_size +=
        static_cast<std::size_t>(std::pow(4.0, std::ceil(std::log(static_cast<double>(count * 3)) / std::log(4.0))));
  std::vector<std::size_t> result(count);
  if (population <= set_size) {
    std::vector<std::size_t> pool(population);
    for (std::size_t i = 0; i < population; ++i) pool[i] = i;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t drawn = below(population - i);
      result[i] = pool[drawn];
      pool[drawn] = pool[population - i - 1];
    }
    return result;
  }
  std::set<std::size_t> chosen;
  for (std::size_t& place : result) {
    std::size_t drawn = below(population);
    while (!chosen.insert(drawn).second) drawn = below(population);
    place = drawn;
  }
  return result;
}

}  // namespace bandscope::evaluation
