// SPDX-License-Identifier: Apache-2.0
// A spec file as a flat list of dotted keys with their places: what the parser, overrides and sweeps work on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/message/message.h"
#include "core/spec/run_spec.h"

namespace bandscope {

/// Where a value was written: a file and line, or a command-line option.
struct SpecPlace {
  std::string origin;
  int line = 0;  ///< from 1; 0: the origin has no lines
};
std::string to_string(const SpecPlace& place);  ///< "FILE:LINE"

/// A TOML value other than a table.
struct SpecValue {
  struct Unsupported {
    Message kind;      ///< "a date or time", "a table", "an empty table"
    bool empty_table;  // no initializer: within the class it would leave the variant without a default
  };
  using List = std::vector<SpecValue>;
  std::variant<Unsupported, bool, std::int64_t, double, std::string, List> data;
  SpecPlace place;
  bool empty_table() const {
    const auto* other = std::get_if<Unsupported>(&data);
    return other && other->empty_table;
  }
};
/// The value as TOML, for messages and names.
std::string to_string(const SpecValue& value);
/// The same for a message: on one line, and no more of it than tells which one it is.
Message shown(const SpecValue& value);

struct SpecEntry {
  std::string key;  ///< dotted; quoted keys with dots inside are the same as nested tables
  SpecPlace place;
  SpecValue value;
  bool empty_table = false;  ///< a table without keys, kept so that an unknown one is noticed
};
/// In the order of the file.
using SpecDocument = std::vector<SpecEntry>;

/// Throws SpecError at the line of a syntax error or of a key that is given twice.
SpecDocument read_document(std::string_view toml, const std::string& origin);
/// Puts the override in the place of what it overrides (see Override). Throws SpecError.
void apply_override(SpecDocument& document, const Override& override);

/// Text as a TOML basic string with its quotes.
std::string toml_string(std::string_view text);
/// The shortest text that reads back as the same float64, in TOML's form.
std::string toml_number(double value);

}  // namespace bandscope
