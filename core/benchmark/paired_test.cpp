// SPDX-License-Identifier: Apache-2.0
#include "core/benchmark/paired_test.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <vector>

namespace bandscope {
namespace {

/// A number below `count`, the same on every machine: standard distributions are not.
std::size_t below(std::size_t count, std::mt19937_64& random) {
  const std::uint64_t size = count, last = std::mt19937_64::max() - std::mt19937_64::max() % size;
  std::uint64_t drawn = random();
  while (drawn >= last) drawn = random();
  return static_cast<std::size_t>(drawn % size);
}

}  // namespace

double mcnemar_p(std::size_t gained, std::size_t lost) {
  const std::size_t coins = gained + lost, few = std::min(gained, lost);
  if (2 * few >= coins) return 1;
  // Terms C(n, k) 2^-n for k = 0 … few, in logarithms, since 2^-n is 0 beyond 1,074 coins.
  double log_term = -static_cast<double>(coins) * std::log(2.0), share = 0;
  for (std::size_t k = 0;; ++k) {
    share += std::exp(log_term);
    if (k == few) break;
    log_term += std::log(static_cast<double>(coins - k)) - std::log(static_cast<double>(k + 1));
  }
  return std::min(1.0, 2 * share);
}

double bootstrap_p(std::span<const double> differences) {
  if (differences.empty()) return 1;
  constexpr std::uint64_t kSeed = 1234;
  std::mt19937_64 random(kSeed);
  const std::size_t resamples = std::clamp(kMostDraws / differences.size(), kLeastResamples, kBootstrapResamples);
  std::size_t at_most = 0, at_least = 0;
  for (std::size_t resample = 0; resample < resamples; ++resample) {
    double sum = 0;
    for (std::size_t i = 0; i < differences.size(); ++i) sum += differences[below(differences.size(), random)];
    at_most += sum <= 0 ? 1 : 0;
    at_least += sum >= 0 ? 1 : 0;
  }
  return std::min(1.0, 2 * static_cast<double>(std::min(at_most, at_least) + 1) / static_cast<double>(resamples + 1));
}

PairedResult paired_test(std::span<const double> first, std::span<const double> second) {
  if (first.size() != second.size()) throw std::invalid_argument("paired_test: scores of different items");
  PairedResult result;
  result.items = first.size();
  if (first.empty()) return result;
  bool hits = true;
  std::vector<double> differences;
  for (std::size_t i = 0; i < first.size(); ++i) {
    hits = hits && (first[i] == 0 || first[i] == 1) && (second[i] == 0 || second[i] == 1);
    differences.push_back(second[i] - first[i]);
    result.gained += second[i] > first[i] ? 1 : 0;
    result.lost += second[i] < first[i] ? 1 : 0;
    result.difference += differences.back();
  }
  result.difference /= static_cast<double>(first.size());
  result.test = hits ? PairedTest::mcnemar : PairedTest::bootstrap;
  result.p = hits ? mcnemar_p(result.gained, result.lost) : bootstrap_p(differences);
  return result;
}

Message in_words(PairedTest test) {
  switch (test) {
    case PairedTest::mcnemar:
      return Message::tr("exact McNemar test");
    case PairedTest::bootstrap:
      return Message::tr("paired bootstrap");
    case PairedTest::none:
      break;
  }
  return {};
}

}  // namespace bandscope
