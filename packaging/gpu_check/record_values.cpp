// SPDX-License-Identifier: Apache-2.0
// A run's record as one JSON object on stdout: {"state", "environment", "steps": {COLUMN: […]}, "pairs": {COLUMN:
// […]}}. Numbers are written so that reading them gives the same double; NaN is null.
//
//   record_values RUN.h5
//
// Exit codes are the engine's: 2 for a wrong command line, 3 for a file that is no record.
#include <cstdio>
#include <nlohmann/json.hpp>
#include <variant>

#include "core/error.h"
#include "core/record/record_reader.h"

namespace {

using namespace bandscope;

nlohmann::json steps_of(const RecordReader& record) {
  nlohmann::json steps = {{"step", record.step_numbers()}};
  for (int i = 0; i < column_count; ++i)
    steps[std::string(column_names[static_cast<std::size_t>(i)])] = record.column(static_cast<Column>(i));
  return steps;
}

nlohmann::json pairs_of(const RecordReader& record) {
  nlohmann::json pairs = nlohmann::json::object();
  for (const PairField& field : pair_fields) pairs[std::string(field.about.name)] = nlohmann::json::array();
  for (const PairRow& row : record.pair_rows())
    for (const PairField& field : pair_fields)
      std::visit([&](const auto member) { pairs[std::string(field.about.name)].push_back(row.*member); }, field.member);
  return pairs;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: record_values RUN.h5\n");
    return 2;
  }
  try {
    const RecordReader record = RecordReader::open(argv[1]);
    const nlohmann::json values = {
        {"state", std::string(to_string(record.state()))},
        {"environment", nlohmann::json::parse(record.environment_json(), nullptr, /*allow_exceptions=*/false)},
        {"steps", steps_of(record)},
        {"pairs", pairs_of(record)}};
    std::printf("%s\n", values.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace).c_str());
    return std::fflush(stdout) == 0 ? 0 : 1;
  } catch (const Error& error) {
    std::fprintf(stderr, "record_values: %s\n", error.what());
    return static_cast<int>(error.code());
  }
}
