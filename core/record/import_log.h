// SPDX-License-Identifier: Apache-2.0
// What the importers share: a log as rows of a record, checked values, and counts and logs that begin again where a run
// was resumed. For the sources of core/record.
#pragma once

#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/record/columns.h"

namespace bandscope::record {

struct ImportedLog {
  std::string kind;  ///< for people, e.g. "TRL's trainer state"
  std::vector<StepRow> steps;
  std::vector<ProbeRow> probes;
  RunState state = RunState::done;
  Message source;                 ///< kind and file
  std::vector<Message> remarks;   ///< further sentences for the message
  std::set<std::string> unknown;  ///< names of the log that no column stands for
  bool calibrated = false;        ///< a row without alpha does not say what its calibration did
  std::string spec;               ///< TOML of what the log says of the run's settings; empty: nothing
};

/// Fills what follows from the row's other columns, where it is NaN: margin, inner product and cosine, log ratios, the
/// applied ratio, band and slack. Without alpha a row is of a run without calibration, unless it is known to be
/// `calibrated`.
void complete(StepRow& row, bool calibrated);

/// The object of a line. Throws DataError that begins with WHERE.
nlohmann::json object_of_line(const std::string& line, const std::string& where);

/// A number, NaN for null. Throws DataError "WHERE: KEY is of type string; a number is needed".
double number_of(const nlohmann::json& value, const std::string& key, const std::string& where);
/// A whole number not below 0; DataError otherwise.
std::int64_t step_of(const nlohmann::json& value, const std::string& key, const std::string& where);

/// A count that is not negative, NaN for null; DataError otherwise.
double count_of(const nlohmann::json& value, const std::string& key, const std::string& where);

/// Counts of the tokens so far, the better one first: TRL counts those that are trained on, the Trainer all of a batch,
/// padding too.
inline constexpr std::array<std::string_view, 2> token_counters = {"num_tokens", "num_input_tokens_seen"};
/// What each value adds to a count that runs through the log (NaN: not logged there). A count that falls has begun
/// again at 0, as it does where a run is resumed.
std::vector<double> increments(const std::vector<double>& counts);
/// Makes a column that rises through a run (time, epochs) go on where the log has it begin again.
void go_on_rising(std::vector<StepRow>& rows, Column column);
/// "the log goes back TIMES times, …": for a log whose steps fall.
Message went_back(int times);
/// Of the line that a program which was killed, or still writes, has not finished.
Message ends_within_a_line();
/// Of rows that no step of training is known of.
Message without_step(std::size_t rows);
/// Of a log with several values of a quantity for one step.
Message averaged();
/// `names` with commas between; of many the first.
std::string listed(const std::set<std::string>& names);

/// A log of more steps is refused: its rows would not fit a small machine.
inline constexpr std::size_t kMostSteps = 1'000'000;
void check_length(const ImportedLog& log, const std::string& origin);

/// Which column of a table a quantity of a record stands in: (name in the record, name in the table).
using ColumnNames = std::vector<std::pair<std::string, std::string>>;

/// The log of any kind, told apart by its content. `origin` stands for the file in messages. `names`: of a table of
/// comma-separated values alone.
ImportedLog import_text(const std::string& text, const std::string& origin, const ColumnNames& names = {});
/// Entries like those of a trainer state's log_history, with the names of TRL or of a record's columns. `lines`: of
/// each entry its line in the file (0: it has none), by which messages name it; none where it is a log_history itself.
ImportedLog import_history(const nlohmann::json& history, const std::string& origin,
                           const std::vector<std::size_t>& lines = {});
/// True for a name that import_history() knows.
bool is_quantity(const std::string& key);
/// True for a total of the whole run, which its last entry has.
bool is_total(const std::string& key);
bool is_event_file(std::string_view bytes);
ImportedLog import_events(std::string_view bytes, const std::string& origin);
bool is_wandb_history(std::string_view text);
ImportedLog import_wandb_history(const std::string& text, const std::string& origin);
ImportedLog import_csv(std::string_view text, const std::string& origin, const ColumnNames& names);
ImportedLog import_trainer_state(const nlohmann::json& state, const std::string& origin);
ImportedLog import_margin_chain(const std::string& text, const std::string& origin);

}  // namespace bandscope::record
