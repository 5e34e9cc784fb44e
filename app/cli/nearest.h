// SPDX-License-Identifier: GPL-3.0-or-later
// The nearest allowed word, for messages about mistyped options and names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bandscope::app {

/// The candidate with the smallest edit distance to `word`; empty when none is near (more than a third of the word and
/// more than two letters away).
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

/// "a, b or c".
std::string listed(const std::vector<std::string>& words);

}  // namespace bandscope::app
