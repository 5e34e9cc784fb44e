// SPDX-License-Identifier: GPL-3.0-or-later
// The pathway of every step as a number, kept with the columns it is made from, and how often each occurs over any
// range of rows without reading them all.
#pragma once

#include <array>
#include <optional>

#include "core/run/pathways.h"
#include "viz/data/run_data.h"
#include "viz/figure/reduce.h"

namespace bandscope::viz {

/// Columns that the codes are made from.
const std::vector<Column>& pathway_columns();

/// The run's columns, which live as long as it does; those that were not loaded are empty.
PredictionColumns prediction_columns(const RunData& run);

/// bandscope::Pathway as a number, NaN where it is undefined: predicted by Eq. (8) from log_r_applied and the scores.
/// Where scores are not recorded, as in imported logs, the band's centre and width stand for them.
Samples predicted_codes(const RunData& run);
/// The pathway of the change that core/run/pathways.h takes of these columns.
Samples realised_codes(const RunData& run);
/// 1 where both are defined and the same, 0 where they differ, NaN where one is undefined.
Samples agreement_codes(const RunData& run);

/// How many rows of [first, last) hold each of the codes 0 to 3.
struct CodeCounts {
  std::array<std::size_t, 4> of{};
  std::size_t total() const { return of[0] + of[1] + of[2] + of[3]; }
};
CodeCounts count_codes(const Samples& codes, Rows rows);
/// Share of 1 among the defined agreement codes of the rows; unset where none is defined.
std::optional<double> agreement_share(const Samples& agreement, Rows rows);

}  // namespace bandscope::viz
