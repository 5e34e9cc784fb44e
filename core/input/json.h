// SPDX-License-Identifier: Apache-2.0
// The one way from a text of unknown origin to a JSON value. nlohmann-json copies and dumps by recursion, so nesting
// that a file chooses could overflow the stack: it is limited before anything is built.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/input/file.h"
#include "core/message/message.h"

namespace bandscope {

/// Deepest nesting of arrays, objects and tables that any file of ours or others' needs.
inline constexpr int kDeepestNesting = 64;

/// How numbers that JSON does not know are taken: refused; or, as Python's json module writes and reads them, `NaN`,
/// `Infinity` and `-Infinity`, which become null.
enum class JsonNumbers { strict, python };

/// The value of `text`. DataError "ORIGIN: not valid JSON at byte N (…)", "… nested more than 64 deep".
/// A key that an object has twice keeps its last value, as in Python.
nlohmann::json parse_json(std::string_view text, const std::string& origin, JsonNumbers numbers = JsonNumbers::strict);
nlohmann::ordered_json parse_ordered_json(std::string_view text, const std::string& origin,
                                          JsonNumbers numbers = JsonNumbers::strict);
/// The same without a reason: nothing where `text` is no usable JSON.
std::optional<nlohmann::json> try_json(std::string_view text, JsonNumbers numbers = JsonNumbers::strict);
std::optional<nlohmann::ordered_json> try_ordered_json(std::string_view text);

/// parse_json() of a whole file; DataError as read_file() and parse_json().
nlohmann::json read_json(const std::filesystem::path& file, std::uint64_t most_bytes = kMostConfigBytes,
                         JsonNumbers numbers = JsonNumbers::strict);

/// "array", "number", … for a message.
Message type_of(const nlohmann::json& value);

/// `value` as one line for a message: texts escaped, broken UTF-8 replaced, cut after about 80 bytes. For values that
/// came from parse_json(), whose nesting is limited.
std::string short_dump(const nlohmann::json& value);

}  // namespace bandscope
