// SPDX-License-Identifier: GPL-3.0-or-later
// Tables of benchmarks as text, in the layout of the paper's Table 4: a row per run, those w/o and w/ RC of a method
// under each other, a column per benchmark, the mean and its difference last. English, as all files are.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "viz/figure/benchmark_table.h"

namespace bandscope::viz {

/// Numbers in full, as shares; of each benchmark value, standard error and, in the second row, p of the paired test.
/// `tasks` as BenchmarkTable::columns().
std::string benchmarks_csv(const BenchmarkTable& table, const std::optional<std::vector<std::string>>& tasks = {});
/// For booktabs: per cent, standard errors as subscripts, a star where the paired test finds a difference.
std::string benchmarks_latex(const BenchmarkTable& table, const std::optional<std::vector<std::string>>& tasks = {});

}  // namespace bandscope::viz
