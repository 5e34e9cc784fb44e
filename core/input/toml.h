// SPDX-License-Identifier: Apache-2.0
// The one way from a text of unknown origin to a TOML table. toml++ builds, formats and destroys tables by recursion
// and limits only nested values, so dotted keys ("a.a.a…") could overflow the stack: their depth is limited first.
#pragma once

#include <toml++/toml.h>

#include <string>
#include <string_view>
#include <utility>

#include "core/error.h"

namespace bandscope {

/// Most bytes of a TOML text; a table of toml++ takes a hundred times the bytes of the name that makes it.
inline constexpr std::size_t kMostTomlBytes = 4 << 20;

/// What is wrong with a TOML text: `what()` is the reason, without its place.
struct TomlError : MessageError {
  TomlError(Message reason, int line_at_fault) : MessageError(std::move(reason)), line(line_at_fault) {}
  int line = 0;  ///< from 1
};

/// The table of `text`. TomlError where it is no TOML, or longer than kMostTomlBytes or nested deeper
/// than kDeepestNesting (core/input/json.h).
toml::table parse_toml(std::string_view text, std::string_view origin = {});

}  // namespace bandscope
