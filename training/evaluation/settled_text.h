// SPDX-License-Identifier: Apache-2.0
// How much of a growing answer can be shown: what is still to come changes no more of it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace bandscope::evaluation {

/// Bytes at the beginning of `text` that stay whatever follows. Held back at its end are what may be the beginning of
/// one of `ends`, and a character of which bytes are missing (as they are, or as the U+FFFD that stands for them).
std::size_t settled_size(std::string_view text, std::span<const std::string> ends);

}  // namespace bandscope::evaluation
