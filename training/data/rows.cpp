// SPDX-License-Identifier: Apache-2.0
#include "training/data/rows.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <vector>

#include "core/error.h"
#include "core/input/json.h"
#include "training/data/byte_source.h"
#include "training/data/rows_parquet.h"

namespace bandscope::data {
namespace {

/// Keys in one object that no row has. An object keeps them in the file's order and looks through all for each.
constexpr int kMostKeys = 1024;

bool blank_line(const std::string& line) {
  for (const char c : line) {
    if (!std::isspace(static_cast<unsigned char>(c))) return false;
  }
  return true;
}

/// Takes white space and a byte-order mark; returns the first byte after them, or −1.
int skip_to_content(ByteSource& source) {
  if (source.peek() == 0xEF) {
    for (const int byte : {0xEF, 0xBB, 0xBF}) {
      if (source.peek() == byte) source.get();
    }
  }
  return source.peek();
}

/// True where an object of `text` has more than kMostKeys keys. A count that a broken text confuses does no harm.
bool too_many_keys(std::string_view text) {
  std::vector<int> keys(1, 0);
  for (std::size_t i = 0; i < text.size(); ++i) {
    switch (text[i]) {
      case '"':
        for (++i; i < text.size() && text[i] != '"'; ++i) i += text[i] == '\\' ? 1 : 0;
        break;
      case '{':
        keys.push_back(0);
        break;
      case '}':
        if (keys.size() > 1) keys.pop_back();
        break;
      case ':':
        if (++keys.back() > kMostKeys) return true;
        break;
      default:
        break;
    }
  }
  return false;
}

/// False when the handler wants no more.
bool hand_over(std::int64_t index, const std::string& text, bool too_long, const DataRowHandler& handler) {
  DataRow row;
  row.index = index;
  RowValue value;
  if (too_long) {
    row.problem = Message::tr("larger than %1 MiB", kMostRowBytes >> 20);
  } else if (too_many_keys(text)) {
    row.problem = Message::tr("an object has more than %1 keys", kMostKeys);
  } else {
    try {
      value = parse_ordered_json(text, "", JsonNumbers::python);
      row.value = &value;
    } catch (const DataError& error) {
      row.problem = error.message();
    }
  }
  return handler(row);
}

/// Index after the last row, or nothing when the handler wants no more.
using RowsRead = std::optional<std::int64_t>;

/// What is said where the first line shows that the file is no JSON lines, though it may be JSON.
void check_first_line(const std::string& line, bool may_be_array, const std::string& where) {
  const std::size_t begin = line.find_first_not_of(" \t\r");
  if (begin == std::string::npos) return;
  if (line.find('\0') < 4)
    throw DataError(Message::tr("%1 seems to be UTF-16 text (it has zero bytes); save it as UTF-8", where));
  const std::size_t next = line.find_first_not_of(" \t\r", begin + 1);
  if (line[begin] == '[' && !may_be_array && (next == std::string::npos || line[next] == '{'))
    throw DataError(Message::tr("%1 holds one JSON list, not a row on each line; name it .json", where));
  if (line[begin] == '{' && next == std::string::npos) {
    throw DataError(
        Message::tr("%1 holds a JSON object over several lines; needed is a row on each line (.jsonl), or a list of "
                    "rows (.json): where the rows are in one of its fields, save that list alone",
                    where));
  }
}

RowsRead read_lines(ByteSource& source, std::int64_t first_line, bool may_be_array, const std::string& where,
                    const DataRowHandler& handler) {
  std::string line;
  bool too_long = false;
  bool any = false;
  std::int64_t index = first_line;
  for (; source.line(line, kMostRowBytes, too_long); ++index) {
    if (!too_long && blank_line(line)) continue;
    if (!any) check_first_line(line, may_be_array, where);
    any = true;
    if (!hand_over(index, line, too_long, handler)) return std::nullopt;
  }
  if (!any) throw DataError(Message::tr("%1 is empty", where));
  return index;
}

/// Cuts one element out of a JSON array by counting brackets outside strings, and leaves checking to the parser.
/// Returns the byte that ended it: ',' or ']' (both taken), or −1 at the end of the file.
int take_element(ByteSource& source, std::string& out, bool& too_long) {
  out.clear();
  too_long = false;
  bool in_string = false, escaped = false;
  std::int64_t depth = 0;
  for (int c; (c = source.get()) >= 0;) {
    if (in_string) {
      if (escaped) {
        escaped = false;
      } else if (c == '\\') {
        escaped = true;
      } else if (c == '"') {
        in_string = false;
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (depth == 0 && (c == ',' || c == ']')) {
      return c;
    } else if (c == '}' || c == ']') {
      depth = std::max<std::int64_t>(depth - 1, 0);
    }
    if (out.size() < kMostRowBytes) {
      out.push_back(static_cast<char>(c));
    } else {
      too_long = true;
    }
  }
  return -1;
}

RowsRead read_array(ByteSource& source, const std::string& where, const DataRowHandler& handler) {
  source.get();  // the opening bracket
  std::string element;
  bool too_long = false;
  std::int64_t index = 0;
  for (int end = ','; end != ']'; ++index) {
    end = take_element(source, element, too_long);
    if (end < 0)
      throw DataError(Message::at(where, Message::tr("the JSON array ends too early, after %1 elements", index)));
    if (end == ']' && index == 0 && blank_line(element))
      throw DataError(Message::tr("%1 is an empty JSON array", where));
    if (!hand_over(index, element, too_long, handler)) return std::nullopt;
  }
  for (int c; (c = source.get()) >= 0;) {
    if (!std::isspace(c))
      throw DataError(Message::at(where, Message::tr("there is more after the end of the JSON array")));
  }
  return index;
}

RowsRead read_json(ByteSource& source, bool may_be_array, const std::string& where, const DataRowHandler& handler) {
  if (const int first = skip_to_content(source); first == 0xFF || first == 0xFE)
    throw DataError(
        Message::tr("%1 seems to be UTF-16 text (it begins with its byte-order mark); save it as UTF-8", where));
  // Leading blank lines count as lines; an array may have white space before it.
  std::int64_t line = 0;
  while (source.peek() >= 0 && std::isspace(source.peek())) line += source.get() == '\n';
  if (source.peek() < 0) throw DataError(Message::tr("%1 is empty", where));
  if (may_be_array && source.peek() == '[') return read_array(source, where, handler);
  return read_lines(source, line, may_be_array, where, handler);
}

RowsRead read_rows(const std::filesystem::path& file, const DataRowHandler& handler, Columns columns) {
  const std::string_view ending = data_ending(file.native());
  if (ending == ".parquet" || ending == ".arrow") {
    RowsRead read = 0;
    const auto load = ending == ".parquet" ? load_parquet_rows : load_arrow_rows;
    load(
        file,
        [&](const DataRow& row) {
          read = handler(row) ? RowsRead(row.index + 1) : std::nullopt;
          return read.has_value();
        },
        kMostParquetMemory, columns);
    return read;
  }
  if (ending.empty()) {
    throw DataError(Message::at(
        file, Message::tr("unknown kind of data file; allowed are %1, .parquet, .arrow, or a folder of such files",
                          json_endings())));
  }
  const auto source = open_bytes(file);
  return read_json(*source, ending.starts_with(".json") && !ending.starts_with(".jsonl"), file.string(), handler);
}

}  // namespace

void load_rows(const DataSource& data, const DataRowHandler& handler, Columns columns) {
  std::error_code ignored;
  if (!std::filesystem::exists(data.path, ignored)) throw DataError(Message::tr("%1 does not exist", data.path));
  if (!std::filesystem::is_directory(data.path, ignored)) {
    read_rows(data.path, handler, columns);
    return;
  }
  std::int64_t before = 0;
  for (const std::filesystem::path& file : data_files(data)) {
    const RowsRead read = read_rows(
        file,
        [&](const DataRow& row) {
          DataRow of_all = row;
          of_all.index = before + row.index;
          of_all.shard = &file;
          of_all.in_shard = row.index;
          return handler(of_all);
        },
        columns);
    if (!read) return;
    before += *read;
  }
}

Message at_row(const DataRow& row, const std::filesystem::path& data, const Message& problem) {
  return Message::tr("%1, row %2: %3", row.shard ? *row.shard : data, row.shard ? row.in_shard : row.index, problem);
}

Message with_place(const DataRow& row, const Message& problem) {
  if (!row.shard) return problem;
  return Message::tr("%1, row %2 there: %3", row.shard->filename(), row.in_shard, problem);
}

void load_rows_from_text(std::string_view text, const std::string& where, const DataRowHandler& handler) {
  const auto source = bytes_of_text(text);
  read_json(*source, true, where, handler);
}

}  // namespace bandscope::data
