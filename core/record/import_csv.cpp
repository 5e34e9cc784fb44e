// SPDX-License-Identifier: Apache-2.0
// Tables of comma-separated values (RFC 4180) whose columns are named like a record's, like TRL's log, or by the user.
#include <charconv>
#include <cmath>

#include "core/error.h"
#include "core/input/printable.h"
#include "core/record/import_log.h"

namespace bandscope::record {
namespace {

using Json = nlohmann::json;

/// Takes the next record of a table off `text`: its cells, quotes removed. Lines within quotes are counted too.
std::vector<std::string> take_record(std::string_view& text, std::size_t& lines) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\n') ++lines;
    if (quoted) {
      if (c != '"')
        cells.back() += c;
      else if (at + 1 < text.size() && text[at + 1] == '"')
        cells.back() += '"', ++at;
      else
        quoted = false;
    } else if (c == '"' && cells.back().empty()) {
      quoted = true;
    } else if (c == ',') {
      cells.emplace_back();
    } else if (c == '\n') {
      ++at;
      break;
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  text.remove_prefix(at);
  return cells;
}

/// Numbers as programs write them; null for what stands for none, nothing for a text.
std::optional<Json> number_cell(const std::string& cell) {
  for (const char* none : {"", "nan", "NaN", "NA", "null", "None", "inf", "-inf", "Infinity", "-Infinity"})
    if (cell == none) return Json(nullptr);
  double value = 0;
  const auto end = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (end.ec != std::errc() || end.ptr != cell.data() + cell.size() || !std::isfinite(value)) return std::nullopt;
  return Json(value);
}

/// The name of a column without what W&B's tables put around it: "RUN - KEY"; nothing for their bounds.
std::string own_name(const std::string& name) {
  for (const char* bound : {"__MIN", "__MAX"})
    if (name.ends_with(bound)) return {};
  const std::size_t dash = name.find(" - ");
  return plain_key(dash == std::string::npos ? name : name.substr(dash + 3));
}

}  // namespace

ImportedLog import_csv(std::string_view text, const std::string& origin, const ColumnNames& names) {
  std::size_t lines = 0;
  const std::vector<std::string> header = take_record(text, lines);
  std::vector<std::string> keys;
  for (const std::string& name : header) {
    const auto given = std::ranges::find(names, name, [](const auto& pair) { return pair.second; });
    keys.push_back(given != names.end() ? given->first : own_name(name));
  }
  for (const auto& [column, name] : names)
    if (std::ranges::find(header, name) == header.end())
      throw DataError(Message::tr("%1 has no column \"%2\"; its columns are %3", origin, printable(name),
                                  printable(listed({header.begin(), header.end()}))));
  for (std::string& key : keys)
    if (std::ranges::find(keys, "step") == keys.end() && (key == "Step" || key == "global_step" || key == "_step"))
      key = "step";
  if (std::ranges::find(keys, "step") == keys.end())
    throw DataError(Message::tr("%1 has no column step; its columns are %2", origin,
                                printable(listed({header.begin(), header.end()}))));

  Json history = Json::array();
  while (!text.empty()) {
    const std::size_t line = lines + 1;
    const std::string where = origin + ", line " + std::to_string(line);
    const std::vector<std::string> cells = take_record(text, lines);
    if (cells.size() == 1 && cells[0].empty()) continue;
    if (cells.size() != keys.size())
      throw DataError(Message::tr("%1 has %2 cells where the first line has %3", where, cells.size(), keys.size()));
    Json entry = Json::object();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (keys[i].empty()) continue;
      const auto value = number_cell(cells[i]);
      if (value && !value->is_null()) entry[keys[i]] = *value;
      // A column of texts, as a run's name, is none of the quantities; a quantity that is a text is a mistake.
      if (!value && (keys[i] == "step" || is_quantity(keys[i])))
        throw DataError(Message::at(where, Message::tr("%1 is \"%2\"; a number is needed", printable(header[i]),
                                                       printable(cells[i].substr(0, 80)))));
    }
    if (!entry.contains("step")) throw DataError(Message::tr("%1 has no step", where));
    if (entry.size() > 1) history.push_back(std::move(entry));
    if (history.size() > 2 * kMostSteps) break;
  }
  ImportedLog log = import_history(history, origin);
  log.kind = "a table";
  log.source = Message::tr("the table %1", origin);
  return log;
}

}  // namespace bandscope::record
