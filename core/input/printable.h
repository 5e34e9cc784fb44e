// SPDX-License-Identifier: Apache-2.0
// Texts out of files for terminals, logs and messages: control characters there can clear a screen, rename a window or
// fake a second message.
#pragma once

#include <string>
#include <string_view>

namespace bandscope {

/// `text` on one line: control characters (also C1), bytes that are no UTF-8 and characters that turn the direction of
/// writing are shown as \n, \t, \x1B or \u{202E}. All else stays as it is.
std::string printable(std::string_view text);

/// The same for a text of several lines: line ends and tabs stay.
std::string printable_lines(std::string_view text);

}  // namespace bandscope
