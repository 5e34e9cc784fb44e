// SPDX-License-Identifier: Apache-2.0
// The known name that a mistyped one most likely meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bandscope {

/// The element of `known` (not empty) nearest to a dotted key: by typing errors, abbreviations ("lr" for
/// "learning_rate") and keys in the wrong section.
std::string nearest_key(std::string_view key, const std::vector<std::string>& known);

/// Insertions, deletions, substitutions and swaps of neighbours that turn one into the other.
int edit_distance(std::string_view a, std::string_view b);

}  // namespace bandscope
