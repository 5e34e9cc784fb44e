// SPDX-License-Identifier: Apache-2.0
#include "core/record/import_log.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/band/band.h"
#include "core/error.h"
#include "core/input/json.h"

namespace bandscope::record {

void complete(StepRow& row, bool calibrated) {
  const auto missing = [&](Column column) { return std::isnan(row[column]); };
  const auto set = [&](Column column, double value) {
    if (missing(column)) row[column] = value;
  };
  set(Column::margin, row[Column::z_w] - row[Column::z_l]);
  set(Column::score_dot, row[Column::rho] * row[Column::score_norm_w] * row[Column::score_norm_l]);
  const Scores scores{row[Column::score_norm_w], row[Column::score_norm_l], row[Column::score_dot]};
  set(Column::rho, scores.rho());
  set(Column::log_r, log_ratio(row[Column::d_w], row[Column::d_l]));
  set(Column::log_r_star, scores.log_r_star());
  if (!missing(Column::alpha) || !calibrated)
    set(Column::log_r_applied, row[Column::log_r] + (missing(Column::alpha) ? 0 : 2 * std::log(row[Column::alpha])));
  if (row[Column::rho] > 0) {
    // Eq. (9), from rho and log r*, since a log may have these and no score norms.
    set(Column::band_lower, row[Column::log_r_star] + std::log(row[Column::rho]));
    set(Column::band_upper, row[Column::log_r_star] - std::log(row[Column::rho]));
  }
  // Eq. (10): the distance to the nearer edge.
  if (!missing(Column::log_r_applied) && !missing(Column::band_lower) && !missing(Column::band_upper))
    set(Column::slack, std::min(row[Column::log_r_applied] - row[Column::band_lower],
                                row[Column::band_upper] - row[Column::log_r_applied]));
}

nlohmann::json object_of_line(const std::string& line, const std::string& where) {
  nlohmann::json entry;
  try {
    entry = parse_json(line, where, JsonNumbers::python);
  } catch (const DataError& problem) {
    // The reason's own line is always the first.
    const Message reason = replaced(problem.message(), "at line 1, ", "at ");
    throw DataError(Message::tr("%1; one object per line is needed", reason));
  }
  if (!entry.is_object()) throw DataError(Message::tr("%1 is of type %2; an object is needed", where, type_of(entry)));
  return entry;
}

double number_of(const nlohmann::json& value, const std::string& key, const std::string& where) {
  if (value.is_null()) return std::numeric_limits<double>::quiet_NaN();
  if (!value.is_number())
    throw DataError(Message::at(where, Message::tr("%1 is of type %2; a number is needed", key, type_of(value))));
  return value.get<double>();
}

std::int64_t step_of(const nlohmann::json& value, const std::string& key, const std::string& where) {
  const double number = number_of(value, key, where);
  if (!(number >= 0 && number < 9e15 && number == std::floor(number)))
    throw DataError(
        Message::at(where, Message::tr("%1 is %2; a whole number from 0 is needed", key, short_dump(value))));
  return static_cast<std::int64_t>(number);
}

double count_of(const nlohmann::json& value, const std::string& key, const std::string& where) {
  const double number = number_of(value, key, where);
  if (number < 0)
    throw DataError(Message::at(where, Message::tr("%1 is %2; a number from 0 is needed", key, short_dump(value))));
  return number;
}

std::vector<double> increments(const std::vector<double>& counts) {
  std::vector<double> added;
  added.reserve(counts.size());
  double before = 0;
  for (const double count : counts) {
    added.push_back(count >= before ? count - before : count);
    if (!std::isnan(count)) before = count;
  }
  return added;
}

void go_on_rising(std::vector<StepRow>& rows, Column column) {
  // Logs round: what falls by less than a hundredth has not begun again.
  constexpr double rounding = 0.99;
  double offset = 0, before = 0;
  for (auto& row : rows) {
    if (std::isnan(row[column])) continue;
    if (row[column] + offset < rounding * before) offset = before;
    row[column] += offset;
    before = row[column];
  }
}

Message went_back(int times) {
  if (times == 1) return Message::tr("its steps go back once, as after a resume; from there the later values count");
  return Message::tr("its steps go back %1 times, as after a resume; from there the later values count", times);
}

Message ends_within_a_line() { return Message::tr("the file ends within a line, which was left out"); }

Message without_step(std::size_t rows) {
  if (rows == 1) return Message::tr("a row without a step was left out");
  return Message::tr("%1 rows without a step were left out", rows);
}

Message averaged() { return Message::tr("lines of the same step were averaged"); }

std::string listed(const std::set<std::string>& names) {
  constexpr std::size_t most = 20;
  std::string text;
  std::size_t count = 0;
  for (const auto& name : names) {
    if (++count > most) return text + " and " + std::to_string(names.size() - most) + " more";
    text += (text.empty() ? "" : ", ") + name.substr(0, 80);
  }
  return text;
}

void check_length(const ImportedLog& log, const std::string& origin) {
  if (log.steps.size() > kMostSteps) throw DataError(Message::tr("%1 holds more than %2 steps", origin, kMostSteps));
}

}  // namespace bandscope::record
