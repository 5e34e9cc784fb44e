// SPDX-License-Identifier: GPL-3.0-or-later
// The final numbers of benchmarks of several runs, those of one experiment without and with calibration side by side,
// with the test over the items that both answered: what the window, the figure and the copied tables show.
#pragma once

#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/benchmark/kept_answers.h"
#include "viz/data/run_data.h"

namespace bandscope::viz {

/// One number that the runs have: a row of the window's table.
struct BenchmarkEntry {
  BenchmarkKey key;
  std::string title;     ///< as the task file names the task
  bool group = false;    ///< of several tasks
  int depth = 0;         ///< in how many groups it is
  bool primary = false;  ///< of its task's numbers the one that stands for it: acc_norm where there is one, else the
                         ///< first
  /// The metric, with its filter where there is one: "acc_norm", "exact_match, strict-match".
  std::string metric() const;
};

struct BenchmarkNumber {
  double value = 0;  ///< as recorded: shares, 0 to 1
  double error = 0;  ///< standard error; NaN: none
  std::int64_t samples = 0, step = 0;
};

/// Two runs that are compared, or one.
struct BenchmarkMethod {
  std::string label, model;  ///< "DPO", more where two have the same; empty where the two are no pair
  bool pair = true;          ///< first is without calibration, second with; else two runs that have but their names
  RunDataPtr first, second;  ///< either may be null, not both
  struct Cell {
    std::optional<BenchmarkNumber> first, second;
    PairedResult test;  ///< PairedTest::none where either lacks its items, or nothing was tested yet
    std::optional<double> difference() const;
  };
  std::vector<Cell> cells;  ///< one per entry
  bool waits = false;       ///< the tests are being computed
  Cell average;             ///< of the primary numbers that are in no group, where a run has them all; without errors
};

struct BenchmarkTable {
  std::vector<BenchmarkEntry> entries;  ///< groups before their members
  std::vector<BenchmarkMethod> methods;
  bool empty() const { return entries.empty(); }
  /// The step that all numbers are of; nullopt: none, or they are of several.
  std::optional<std::int64_t> step() const;
  /// The runs have ended, and no step was taken after the numbers.
  bool is_final() const;
  /// Entries of the paper's table: primary, in no group; or those of `tasks`.
  std::vector<std::size_t> columns(const std::optional<std::vector<std::string>>& tasks = {}) const;
};

/// Without tests, which may take seconds.
BenchmarkTable benchmark_table(const std::vector<RunDataPtr>& runs);

/// Tests of the numbers that two evaluations both have items of.
using PairedResults = std::map<BenchmarkKey, PairedResult>;
/// Not all of them where `stop` was asked for.
PairedResults paired_results(const BenchmarkScores& first, const BenchmarkScores& second,
                             const std::stop_token& stop = {});
/// Both runs' items are read: they can be tested.
bool has_items(const BenchmarkMethod& method);
void put_results(BenchmarkMethod& method, const BenchmarkTable& table, const PairedResults& results);
/// benchmark_table() with the tests of all its methods.
BenchmarkTable tested_table(const std::vector<RunDataPtr>& runs);

/// "30.31" of 0.3031; "–" of NaN.
std::string percent_text(double share);
/// "+12.18", "−0.05", "0.00".
std::string percent_difference(double share);
/// ".42" of 0.0042, "1.43" of 0.0143, as the paper writes standard errors; empty of NaN.
std::string percent_error(double share);

/// The tests that the table's marks come from, for the note under it; empty where there is none.
std::vector<PairedTest> tests_of(const BenchmarkTable& table);

}  // namespace bandscope::viz
