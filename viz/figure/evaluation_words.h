// SPDX-License-Identifier: GPL-3.0-or-later
// What figures and copied tables of benchmarks say beside their numbers.
#pragma once

#include <QtCore/qglobal.h>

#include "viz/figure/benchmark_table.h"
#include "viz/figure/figure.h"

namespace bandscope::viz {

inline constexpr const char* kNoBenchmarks = QT_TRANSLATE_NOOP(
    "Figure", "No benchmark was evaluated. Name task files in the spec: [evaluation] tasks = [\"task.yaml\"].");

inline constexpr const char* kNoMatch = QT_TRANSLATE_NOOP("Figure", "No benchmark matches the filter.");

/// "* p < 0.05, exact McNemar test over the same items"; empty where nothing was tested.
std::string test_note(const BenchmarkTable& table, const Words& say);

/// What the method's first or second run is called: "w/o RC", "w/ RC", or its name.
std::string run_title(const BenchmarkMethod& method, bool second, const Words& say);

/// The same as the head of a column: with its step where not all numbers of the table are of one.
std::string run_head(const BenchmarkTable& table, const BenchmarkMethod& method, bool second, const Words& say);

/// A row per benchmark, for each method its runs and their difference; the mean last.
Table paper_table(const BenchmarkTable& table, const FigureOptions& options);

}  // namespace bandscope::viz
