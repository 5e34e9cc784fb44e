// SPDX-License-Identifier: Apache-2.0
// Python's literals (what ast.literal_eval reads): a template of a task file prints a list, and the harness reads it
// back.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace bandscope::text {

/// Lists, tuples (as lists), dicts with text keys, texts, numbers, True, False and None; nothing where `text` is no
/// such literal.
std::optional<nlohmann::ordered_json> python_literal(std::string_view text);

}  // namespace bandscope::text
