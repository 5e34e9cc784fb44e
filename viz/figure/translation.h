// SPDX-License-Identifier: GPL-3.0-or-later
// The words of a figure in the reader's language. Texts are marked QT_TRANSLATE_NOOP("Figure", …) where they stand;
// who makes the figure says how they are translated. Files are English unless their template says otherwise, so that
// the same runs give the same file whatever language a window speaks.
#pragma once

#include <functional>
#include <string>

namespace bandscope::viz {

/// Translates a text of the context "Figure", or a sentence of core (context "Message") without values.
using Words = std::function<std::string(const char* text)>;
/// As written.
inline std::string english(const char* text) { return text; }
/// By the translators installed in the application.
std::string window_words(const char* text);

}  // namespace bandscope::viz
