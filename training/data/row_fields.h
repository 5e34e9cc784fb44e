// SPDX-License-Identifier: Apache-2.0
// Fields of a row, with reasons that name key and type.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "core/error.h"

namespace bandscope::data {

/// A row's value. Keys keep the file's order, which chat templates print tools in.
using RowValue = nlohmann::ordered_json;

/// Why one row is unusable while the file may be fine.
struct RowProblem : MessageError {
  using MessageError::MessageError;
};

namespace row_fields {

/// "a number", "an array", "null".
Message kind_of(const RowValue& value);
/// The value of `key`; null where the row has none, or null.
const RowValue* find(const RowValue& row, const char* key);
/// All throw RowProblem; `place` begins the reason.
const std::string& text_of(const RowValue& value, const std::string& place);
const RowValue& member(const RowValue& object, const char* key, const std::string& place);
/// "the keys a, b" for people.
Message keys_of(const RowValue& row);

}  // namespace row_fields
}  // namespace bandscope::data
