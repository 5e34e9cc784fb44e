// SPDX-License-Identifier: GPL-3.0-or-later
// What figures know of a run: an immutable snapshot of a run record, read column by column and grown while it is live.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/benchmark/kept_answers.h"
#include "core/message/message.h"
#include "core/record/columns.h"
#include "core/run/pathways.h"
#include "core/run/run_card.h"
#include "viz/data/samples.h"

namespace bandscope::viz {

/// A snapshot. Fill one in yourself for data that is not a record; share it as RunDataPtr and leave it alone then.
struct RunData {
  std::filesystem::path path;  ///< of the record; empty when there is none
  std::string name;            ///< [run] name, else the name of the record's folder
  std::string objective, likelihood = "mean", model, data, tuning;
  std::string scope = "output";  ///< [scores] scope: output or all
  bool calibrated = false;       ///< [calibration] enabled
  std::string pair_key;          ///< RunCard::pair_key
  /// z is known of each step's own pairs after its update, so that realised and predicted pathways compare.
  bool same_pairs = false;
  Message note;  ///< what opening the record had to do; empty when nothing
  RunState state = RunState::done;
  double heartbeat = 0;  ///< seconds since 1970

  Samples steps;  ///< /steps/step, ascending
  std::vector<EventRow> events;
  std::vector<ProbeRow> probe;
  std::vector<EvaluationRow> evaluation;  ///< numbers of benchmarks
  /// Names, and once they were asked for the items, of the last evaluation; null: none.
  std::shared_ptr<const BenchmarkScores> scores;

  /// True when the column was loaded (it may still be shorter than `steps` only when empty).
  bool has(Column column) const { return columns[static_cast<std::size_t>(column)].has_value(); }
  /// The column's rows; empty when it was not loaded.
  Samples column(Column column) const { return columns[static_cast<std::size_t>(column)].value_or(Samples()); }
  void set(Column column, Samples samples) { columns[static_cast<std::size_t>(column)] = std::move(samples); }
  /// Row of the last step <= `step`; nullopt before the first.
  std::optional<std::size_t> row_of(double step) const;
  /// It waits, runs or pauses: more may come.
  bool live() const { return state == RunState::waiting || state == RunState::running || state == RunState::paused; }
  double last_step() const { return steps.empty() ? 0.0 : steps[steps.size() - 1]; }

  std::array<std::optional<Samples>, column_count> columns;
};
using RunDataPtr = std::shared_ptr<const RunData>;

/// Whether calibration has changed the ratio of any step: by the spec, or as it was switched on while the run went on.
bool ratio_changed(const RunData& run);

/// What a change of the likelihoods is taken from; the columns are the snapshot's own.
LikelihoodColumns likelihood_columns(const RunData& run);

/// What is read of the answers that a run keeps: the names of benchmarks, or the score of every item too.
enum class KeptScores { names, items };

/// Reads a record once. `path` is a run.h5, or a folder with one in it. Throws DataError naming the file and reason;
/// gives null when `stop` was asked for before everything was read.
RunDataPtr load_run_data(const std::filesystem::path& path, std::span<const Column> columns, std::stop_token stop = {},
                         KeptScores scores = KeptScores::names);

/// Keeps a record open and reads only what is new. Use it from one thread at a time (a worker); the snapshots it
/// gives may go anywhere.
class RunFollower {
 public:
  RunFollower(const std::filesystem::path& path, std::span<const Column> columns, std::stop_token stop = {});
  ~RunFollower();
  RunFollower(RunFollower&&) noexcept;
  RunFollower& operator=(RunFollower&&) noexcept;

  /// Loads further columns in full, for a figure that needs them.
  void need(std::span<const Column> columns, std::stop_token stop = {});
  /// Reads the scores of the last evaluation's items, for a table that tests them; after every further evaluation anew.
  void need_items(const std::stop_token& stop = {});
  /// Looks for new rows, events and another state; true when there is a new snapshot.
  bool refresh();
  RunDataPtr snapshot() const;
  /// True while a writer has the record open.
  bool live() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// A run without and the run with reward calibration of one spec; either may be null, never both.
struct RunPair {
  RunDataPtr without, with;
};
/// Pairs runs whose `pair_key` is the same and not empty, in order of appearance; a run that finds no partner makes
/// a pair of its own. Two runs that are left over and differ in `calibrated` and share the objective are paired too,
/// when no other choice is left.
std::vector<RunPair> pair_runs(const std::vector<RunDataPtr>& runs);

/// Fills in what a run's card says; a card without a name leaves the run's.
void describe(RunData& run, const RunCard& card);

}  // namespace bandscope::viz
