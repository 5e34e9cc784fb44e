// SPDX-License-Identifier: GPL-3.0-or-later
// Curves that are not columns of the record. Kept for as long as their source lives, so that a figure made anew for a
// smaller change (theme, cursor, one more run) does not compute a million rows again.
#pragma once

#include <initializer_list>

#include "viz/data/run_data.h"
#include "viz/figure/smoothing.h"

namespace bandscope::viz {

/// For Samples::derive() of what is made of several columns: they may come one after the other, and another set of them
/// is another curve.
double columns_there(const RunData& run, std::initializer_list<Column> columns);
Samples smoothed(const Samples& samples, const Smoothing& smoothing);
/// Differences to the first finite value.
Samples changes(const Samples& samples);
/// samples − reference, row by row.
Samples differences(const Samples& samples, const Samples& reference);
/// samples × factor.
Samples scaled(const Samples& samples, double factor);
/// amounts / seconds, row by row; NaN where the time is not positive.
Samples rates(const Samples& amounts, const Samples& seconds);
/// Steps at which the applied log r is outside a defined band.
Samples outside_band(const RunData& run);

}  // namespace bandscope::viz
