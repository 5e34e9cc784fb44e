// SPDX-License-Identifier: Apache-2.0
// Whether two runs differ on a benchmark by more than chance: tests over the items that both answered.
#pragma once

#include <cstddef>
#include <span>

#include "core/message/message.h"

namespace bandscope {

enum class PairedTest { none, mcnemar, bootstrap };

struct PairedResult {
  PairedTest test = PairedTest::none;  ///< none: no item that both have
  std::size_t items = 0;               ///< that both have
  std::size_t gained = 0, lost = 0;    ///< items whose score is higher, lower in the second
  double difference = 0;               ///< mean of second minus first
  double p = 1;                        ///< two-sided
  bool significant() const { return test != PairedTest::none && p < kSignificant; }
  static constexpr double kSignificant = 0.05;
};

/// Scores of the same items in both, in one order; of different lengths: std::invalid_argument. Where all are 0 or 1,
/// mcnemar_p() of the items that changed, else bootstrap_p() of the differences.
PairedResult paired_test(std::span<const double> first, std::span<const double> second);

/// McNemar's exact test, two-sided: twice the chance that of gained + lost fair coins at most the smaller number show
/// heads, at most 1 (McNemar 1947; as statsmodels' mcnemar(exact=True)).
double mcnemar_p(std::size_t gained, std::size_t lost);

/// Of the mean of `differences` against 0, two-sided: twice the smaller share of the means of resamples, drawn with
/// replacement by a generator of a fixed seed, that are <= 0 or >= 0, each share (count + 1) / (resamples + 1)
/// (Davison & Hinkley 1997, section 4.2). 1 without differences.
double bootstrap_p(std::span<const double> differences);
/// Fewer, down to 200, where there are more than 20,000 differences: their means hardly vary, and a file may hold
/// millions.
inline constexpr std::size_t kBootstrapResamples = 10'000, kLeastResamples = 200, kMostDraws = 200'000'000;

/// "exact McNemar test", "paired bootstrap"; empty for none.
Message in_words(PairedTest test);

}  // namespace bandscope
