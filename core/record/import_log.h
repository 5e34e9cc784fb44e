// SPDX-License-Identifier: Apache-2.0
// What the importers share: a log as rows of a record, and JSON as Python writes it. For the sources of core/record.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "core/record/columns.h"

namespace bandscope::record {

struct ImportedLog {
  std::string kind;  ///< for people, e.g. "TRL's trainer state"
  std::vector<StepRow> steps;
  std::vector<ProbeRow> probes;
  RunState state = RunState::done;
  std::string remark;             ///< a further sentence for the message; may be empty
  std::set<std::string> unknown;  ///< names of the log that no column stands for
};

/// Fills what follows from the row's other columns, where it is NaN: margin, inner product and cosine, log ratios, the
/// applied ratio, band and slack.
void complete(StepRow& row);

/// JSON in which, as Python writes them, NaN and Infinity may stand where a number does (read as null).
/// Throws nlohmann::json::parse_error.
nlohmann::json parse_python_json(const std::string& text);

/// A number, NaN for null. Throws DataError "WHERE: KEY is a string; a number is needed".
double number_of(const nlohmann::json& value, const std::string& key, const std::string& where);
/// A whole number not below 0; DataError otherwise.
std::int64_t step_of(const nlohmann::json& value, const std::string& key, const std::string& where);

/// `origin` stands for the file in messages.
ImportedLog import_trainer_state(const nlohmann::json& state, const std::string& origin);
ImportedLog import_margin_chain(const std::string& text, const std::string& origin);

}  // namespace bandscope::record
