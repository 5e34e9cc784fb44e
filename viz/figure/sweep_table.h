// SPDX-License-Identifier: GPL-3.0-or-later
// The final figures of a sweep: a row per experiment, without and with reward calibration and their difference, over
// seeds. What the window, the figure and the copied tables show.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "viz/data/run_data.h"
#include "viz/figure/panels.h"

namespace bandscope::viz {

/// A final figure of a run.
struct SweepQuantity {
  std::string name;   ///< in filters and files: "in_band", "dz_w", "arc/acc_norm"
  std::string title;  ///< English, in the translation context "Figure"; of benchmarks as their files say
  bool percent = false;
  bool benchmark = false;
  std::function<double(const RunData&)> value;  ///< per cent or nats; NaN: the run has none
};
/// Those that need no benchmark, in the order of the table.
const std::vector<SweepQuantity>& sweep_quantities();
/// Columns of the record that they are taken from.
const std::vector<Column>& sweep_columns();

/// One number over the seeds of an experiment.
struct SweepNumber {
  std::vector<double> values;  ///< one per run that has it
  double mean() const;         ///< NaN of none
  double spread() const;       ///< sample standard deviation; NaN of fewer than two
};

struct SweepCells {
  SweepNumber without, with, difference;  ///< with minus without, of the runs of each pair
};

struct SweepRow {
  std::string label;  ///< "DPO"; more where two have the same
  std::string model;
  std::vector<RunPair> runs;      ///< a pair per seed
  std::vector<SweepCells> cells;  ///< one per quantity
};

struct SweepTable {
  std::vector<SweepQuantity> quantities;  ///< those that any run has
  std::vector<SweepRow> rows;
  /// Index of a quantity by its name.
  std::optional<std::size_t> quantity(const std::string& name) const;
};

/// The part of the figure that is all benchmarks.
inline constexpr const char* kSweepBenchmarks = "benchmarks";

/// Experiments in order of appearance: runs that differ in seed and calibration alone are a row.
SweepTable sweep_table(const std::vector<RunDataPtr>& runs);

/// "49.80", "−0.310", "–" of NaN; `sign`: a difference.
std::string sweep_text(double value, bool percent, bool sign = false);
/// "49.80 ± 1.20".
std::string sweep_text(const SweepNumber& number, bool percent, bool sign = false);

/// Which rows are wanted: words that the label or model has, ignoring case, and terms NAME<NUMBER, also with <=, >, >=,
/// = and !=, on the mean of either run ("in_band<50"), or of one ("in_band.without", ".with", ".difference"); all must
/// hold. Names that are no quantity of the table, as while they are typed, are given in `unknown`.
class SweepFilter {
 public:
  explicit SweepFilter(const std::string& text);
  bool accepts(const SweepTable& table, const SweepRow& row) const;
  std::vector<std::string> unknown(const SweepTable& table) const;
  bool empty() const { return words_.empty() && terms_.empty(); }

 private:
  struct Term {
    std::string name, side, sign;
    double number = 0;
  };
  std::vector<std::string> words_;
  std::vector<Term> terms_;
};

/// The table as papers set it. `names`: of the quantities to show; empty: all.
Table sweep_paper_table(const SweepTable& table, const std::vector<std::string>& names, const FigureOptions& options);
/// The figure `sweep-table`.
Figure sweep_table_figure(const std::vector<DrawnRun>& runs, const FigureOptions& options);
/// Numbers in full, with their spreads and how many runs they are of; English, as all files are.
std::string sweep_csv(const SweepTable& table, const std::vector<std::string>& names = {});
/// For booktabs: "$49.80 \pm 1.20$".
std::string sweep_latex(const SweepTable& table, const std::vector<std::string>& names = {});

}  // namespace bandscope::viz
