// SPDX-License-Identifier: GPL-3.0-or-later
// Which pairs a table shows and in which order: worked out on a worker thread, a million rows at a time.
#pragma once

#include <QString>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "app/page/pair_values.h"

namespace bandscope::app {

struct PairFilter {
  struct Lines {
    std::int64_t first = 0, last = 0;  ///< of the data file, from 0; the last one included
    bool operator==(const Lines&) const = default;
  };

  std::array<std::optional<Pathway>, 2> pathway;  ///< of the first and of the second run
  std::optional<bool> in_band;                    ///< false: below or above; an undefined place is neither in nor out
  PairSide band_of = PairSide::first;
  std::optional<Lines> lines;
  std::shared_ptr<const std::vector<std::int64_t>> text;  ///< lines whose text is looked for, ascending; null: any

  bool all() const { return !pathway[0] && !pathway[1] && !in_band && !lines && !text; }
};

bool passes(const PairRows& rows, std::size_t row, const PairFilter& filter);

/// The rows that pass, sorted by the column: equal ones in the order of the rows, NaN at the end either way. Empty when
/// it is stopped.
std::vector<std::uint32_t> arranged(const PairRows& rows, const PairFilter& filter, PairColumn by, bool descending,
                                    const std::stop_token& stop = {});

/// What is typed to find pairs: "#12" and "#10-20" are lines of the data file, from 1; anything else is text.
struct PairSearch {
  std::optional<PairFilter::Lines> lines;
  QString text;
};
PairSearch parse_pair_search(const QString& typed);

}  // namespace bandscope::app
