// SPDX-License-Identifier: Apache-2.0
// Tables of comma-separated values (RFC 4180) whose columns are named like a record's, like TRL's log, or by the user.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "core/error.h"
#include "core/input/printable.h"
#include "core/record/import_run.h"
#include "core/record/tracked_history.h"

namespace bandscope::record {
namespace {

using Json = nlohmann::json;

struct CsvCell {
  std::string text;
  bool quoted = false;
};

/// The records of a table, one after the other.
class Table {
 public:
  Table(std::string_view text, const std::string& origin) : left_(text), origin_(origin) {}
  bool at_end() const { return left_.empty(); }
  std::size_t line() const { return line_; }
  /// Of the next record's first character.
  std::string where() const { return origin_ + ", line " + std::to_string(line_); }

  std::vector<CsvCell> next() {
    const std::string where = this->where();
    std::vector<CsvCell> cells;
    do cells.push_back(cell(where));
    while (taken(','));
    taken('\r');
    if (!at_end() && !taken('\n'))
      throw DataError(Message::at(where, Message::tr("a quoted cell goes on behind its quotes")));
    ++line_;
    return cells;
  }

 private:
  bool taken(char c) {
    if (at_end() || left_.front() != c) return false;
    left_.remove_prefix(1);
    return true;
  }
  CsvCell cell(const std::string& where) {
    CsvCell cell;
    const std::size_t blanks = std::min(left_.find_first_not_of(" \t"), left_.size());
    if (blanks == left_.size() || left_[blanks] != '"') {
      const std::size_t end = std::min(left_.find_first_of(",\n"), left_.size());
      cell.text = left_.substr(blanks, end - std::min(blanks, end));
      while (!cell.text.empty() && std::string_view(" \t\r").find(cell.text.back()) != std::string_view::npos)
        cell.text.pop_back();
      left_.remove_prefix(end);
      return cell;
    }
    cell.quoted = true;
    left_.remove_prefix(blanks + 1);
    while (!at_end()) {
      const char c = left_.front();
      left_.remove_prefix(1);
      if (c == '\n') ++line_;
      if (c != '"' || taken('"')) {
        cell.text += c;
        continue;
      }
      while (taken(' ') || taken('\t')) {
      }
      return cell;
    }
    throw DataError(Message::at(where, Message::tr("a cell's quotes are not closed")));
  }

  std::string_view left_;
  const std::string& origin_;
  std::size_t line_ = 1;
};

/// Numbers as programs write them; null for what stands for none, nothing for a text.
std::optional<Json> number_of_cell(std::string_view cell) {
  for (const char* none : {"", "NA", "null", "None"})
    if (cell == none) return Json(nullptr);
  if (cell.starts_with('+')) cell.remove_prefix(1);
  double value = 0;
  const auto end = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (end.ec != std::errc() || end.ptr != cell.data() + cell.size()) return std::nullopt;
  return std::isnan(value) ? Json(nullptr) : Json(value);
}

/// The name of a column without what W&B's tables put around it: "RUN - KEY"; nothing for their bounds.
std::string own_name(const std::string& name) {
  for (const char* bound : {"__MIN", "__MAX"})
    if (name.ends_with(bound)) return {};
  const std::size_t dash = name.rfind(" - ");
  return plain_key(dash == std::string::npos ? name : name.substr(dash + 3));
}

/// The key of each column, "step" for the one that counts, nothing for those that stand aside.
class Header {
 public:
  Header(const std::vector<CsvCell>& cells, const std::string& origin, const ColumnNames& given) : origin_(origin) {
    for (const CsvCell& cell : cells) names_.push_back(cell.text);
    for (const auto& [key, name] : given)
      if (std::ranges::find(names_, name) == names_.end())
        throw DataError(Message::tr("%1 has no column \"%2\"; its columns are %3", origin_, printable(name), all()));
    for (const std::string& name : names_) {
      const auto named = std::ranges::find(given, name, [](const auto& pair) { return pair.second; });
      if (named != given.end()) {
        keys.push_back(named->first);
        continue;
      }
      const std::string own = own_name(name);
      const bool another = std::ranges::find(given, own, [](const auto& pair) { return pair.first; }) != given.end();
      keys.push_back(another ? std::string() : own);
    }
    choose_step(std::ranges::find(given, "step", [](const auto& pair) { return pair.first; }) != given.end());
    check();
  }
  const std::string& name(std::size_t column) const { return names_[column]; }
  std::vector<std::string> keys;

 private:
  [[noreturn]] void unclear(Message message) const { throw UnclearColumns(std::move(message), names_); }
  std::string all() const { return printable(listed({names_.begin(), names_.end()})); }

  void choose_step(bool given) {
    std::string_view chosen = "step";
    if (!given) {
      const auto there = std::ranges::find_if(
          step_names, [&](std::string_view name) { return std::ranges::find(keys, name) != keys.end(); });
      if (there == std::end(step_names))
        unclear(Message::tr("%1 has no column step; its columns are %2", origin_, all()));
      chosen = *there;
    }
    for (std::string& key : keys) {
      if (key == chosen)
        key = "step";
      else if (std::ranges::find(step_names, key) != std::end(step_names))
        key.clear();
    }
  }

  void check() const {
    bool any = false;
    std::map<std::string_view, std::size_t> seen;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (keys[i] != "step" && !is_read(keys[i])) continue;
      any = any || keys[i] != "step";
      if (const auto [at, fresh] = seen.emplace(keys[i], i); !fresh)
        unclear(Message::tr("%1 has several columns for %2: \"%3\" and \"%4\"", origin_, keys[i],
                            printable(names_[at->second]), printable(names_[i])));
    }
    if (!any)
      unclear(Message::tr("%1: none of its columns is a quantity of a run; its columns are %2", origin_, all()));
  }

  const std::string& origin_;
  std::vector<std::string> names_;
};

}  // namespace

ImportedLog import_csv(std::string_view text, const std::string& origin, const ColumnNames& names) {
  Table table(text, origin);
  const Header header(table.next(), origin, names);
  const std::vector<std::string>& keys = header.keys;
  TrackedHistory history;
  std::optional<std::string> run;
  std::size_t left_out = 0;
  bool cut = false;
  while (!table.at_end() && !history.too_long()) {
    const std::string where = table.where();
    const std::size_t line = table.line();
    const std::vector<CsvCell> cells = table.next();
    if (cells.size() == 1 && cells[0].text.empty()) continue;
    // What a program that was killed, or still writes, has not finished.
    cut = table.at_end() && !text.ends_with('\n') && cells.size() < keys.size() && !history.empty();
    if (cut) break;
    if (cells.size() != keys.size())
      throw DataError(Message::tr("%1 has %2 cells where the first line has %3", where, cells.size(), keys.size()));
    Json step, of_evaluation;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (keys[i].empty()) continue;
      const bool counts = keys[i] == "step";
      if (!counts && !is_kept(keys[i])) {
        // As export writes tables of several runs.
        if (keys[i] == "run" && run.value_or(cells[i].text) != cells[i].text)
          throw DataError(
              Message::at(where, Message::tr("holds a row of the run \"%1\" behind rows of \"%2\"; a record is "
                                             "of one run",
                                             printable(cells[i].text), printable(*run))));
        if (keys[i] == "run") run = cells[i].text;
        history.put(keys[i], nullptr);
        continue;
      }
      const auto value = number_of_cell(cells[i].text);
      if (!value)
        throw DataError(Message::at(where, Message::tr("%1 is \"%2\"; a number is needed", printable(header.name(i)),
                                                       printable(cells[i].text.substr(0, 80)))));
      if (counts)
        step = *value;
      else if (keys[i] == "eval_global_step")
        of_evaluation = *value;
      else if (!value->is_null())
        history.put(keys[i], *value);
    }
    if (step.is_null()) step = of_evaluation;
    if (step.is_null()) {
      ++left_out;
      history.drop_row();
      continue;
    }
    history.end_row(step_of(step, "step", where), line);
  }
  ImportedLog log = history.import(origin);
  log.kind = "a table";
  log.source = Message::tr("the table %1", origin);
  log.unknown.erase("run");
  if (left_out > 0) log.remarks.push_back(without_step(left_out));
  if (cut) log.remarks.push_back(ends_within_a_line());
  return log;
}

}  // namespace bandscope::record
