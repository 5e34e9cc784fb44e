// SPDX-License-Identifier: Apache-2.0
#include "training/data/rows.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "core/error.h"
#include "training/data/byte_source.h"
#include "training/data/data_files.h"
#include "training/data/rows_parquet.h"

namespace bandscope {
namespace {

using nlohmann::json;

/// Nesting that no preference row has; deeper JSON is refused before it costs memory.
constexpr int kDeepest = 64;

/// nlohmann's messages start with "[json.exception.parse_error.101] parse error at line 1, column 7: "; people need
/// the place within the row and the reason.
std::string reason_of(const json::exception& error) {
  std::string text = error.what();
  if (const std::size_t end = text.find("] "); end != std::string::npos) text.erase(0, end + 2);
  return text;
}

bool blank(const std::string& line) {
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

json parse_row(const std::string& text) {
  const json::parser_callback_t shallow = [](int depth, json::parse_event_t, json&) {
    if (depth > kDeepest) throw DataError("nested more than " + std::to_string(kDeepest) + " deep");
    return true;
  };
  return json::parse(text, shallow);
}

/// False when the handler wants no more.
bool hand_over(std::int64_t index, const std::string& text, bool too_long, const RowHandler& handler) {
  Row row;
  row.index = index;
  json value;
  if (too_long) {
    row.problem = "larger than " + std::to_string(kMostRowBytes >> 20) + " MiB";
  } else {
    try {
      value = parse_row(text);
      row.value = &value;
    } catch (const json::exception& error) {
      row.problem = "not valid JSON (" + reason_of(error) + ")";
    } catch (const DataError& error) {
      row.problem = std::string("not usable JSON (") + error.what() + ")";
    }
  }
  return handler(row);
}

/// Index after the last row, or nothing when the handler wants no more.
using RowsRead = std::optional<std::int64_t>;

RowsRead read_lines(ByteSource& source, std::int64_t first_line, const std::string& where, const RowHandler& handler) {
  std::string line;
  bool too_long = false;
  bool any = false;
  std::int64_t index = first_line;
  for (; source.line(line, kMostRowBytes, too_long); ++index) {
    if (!too_long && blank(line)) continue;
    any = true;
    if (!hand_over(index, line, too_long, handler)) return std::nullopt;
  }
  if (!any) throw DataError(where + " is empty");
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

RowsRead read_array(ByteSource& source, const std::string& where, const RowHandler& handler) {
  source.get();  // the opening bracket
  std::string element;
  bool too_long = false;
  std::int64_t index = 0;
  for (int end = ','; end != ']'; ++index) {
    end = take_element(source, element, too_long);
    if (end < 0)
      throw DataError(where + ": the JSON array ends too early, after " + std::to_string(index) + " elements");
    if (end == ']' && index == 0 && blank(element)) throw DataError(where + " is an empty JSON array");
    if (!hand_over(index, element, too_long, handler)) return std::nullopt;
  }
  for (int c; (c = source.get()) >= 0;) {
    if (!std::isspace(c)) throw DataError(where + ": there is more after the end of the JSON array");
  }
  return index;
}

RowsRead read_json(ByteSource& source, bool may_be_array, const std::string& where, const RowHandler& handler) {
  skip_to_content(source);
  // Leading blank lines count as lines; an array may have white space before it.
  std::int64_t line = 0;
  while (source.peek() >= 0 && std::isspace(source.peek())) line += source.get() == '\n';
  if (source.peek() < 0) throw DataError(where + " is empty");
  if (may_be_array && source.peek() == '[') return read_array(source, where, handler);
  return read_lines(source, line, where, handler);
}

RowsRead read_file(const std::filesystem::path& file, const RowHandler& handler) {
  std::filesystem::path name = file.filename();
  if (name.extension() == ".gz") name = name.stem();
  const std::string kind = name.extension().string();
  if (kind == ".parquet" && file.extension() == ".parquet") {
    RowsRead read = 0;
    load_parquet_rows(file, [&](const Row& row) {
      read = handler(row) ? RowsRead(row.index + 1) : std::nullopt;
      return read.has_value();
    });
    return read;
  }
  if (kind != ".jsonl" && kind != ".json" && kind != ".ndjson") {
    throw DataError(file.string() + ": unknown kind of data file; allowed are .jsonl, .json, .jsonl.gz, .json.gz, " +
                    ".parquet, or a folder of such files");
  }
  const auto source = open_bytes(file);
  return read_json(*source, kind == ".json", file.string(), handler);
}

}  // namespace

void load_rows(const std::filesystem::path& data, const RowHandler& handler) {
  std::error_code ignored;
  if (!std::filesystem::exists(data, ignored)) throw DataError(data.string() + " does not exist");
  if (!std::filesystem::is_directory(data, ignored)) {
    read_file(data, handler);
    return;
  }
  std::int64_t before = 0;
  for (const std::filesystem::path& file : data_files(data)) {
    const RowsRead read = read_file(file, [&](const Row& row) {
      Row of_all = row;
      of_all.index = before + row.index;
      of_all.shard = &file;
      of_all.in_shard = row.index;
      return handler(of_all);
    });
    if (!read) return;
    before += *read;
  }
}

std::string place_of(const Row& row, const std::filesystem::path& data) {
  const auto& file = row.shard ? *row.shard : data;
  return file.string() + ", row " + std::to_string(row.shard ? row.in_shard : row.index);
}

std::string told(const Row& row, const std::string& problem) {
  if (!row.shard) return problem;
  return row.shard->filename().string() + ", row " + std::to_string(row.in_shard) + " there: " + problem;
}

void load_rows_from_text(std::string_view text, const std::string& where, const RowHandler& handler) {
  const auto source = bytes_of_text(text);
  read_json(*source, true, where, handler);
}

}  // namespace bandscope
