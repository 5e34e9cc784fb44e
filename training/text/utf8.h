// SPDX-License-Identifier: Apache-2.0
// UTF-8 as the tokenizer needs it: valid text in, code points out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bandscope::text {

/// Length in bytes of the valid UTF-8 sequence that starts at `at` (1–4), or 0 when there is none.
std::size_t utf8_sequence(std::string_view text, std::size_t at);

/// True when all of `text` is valid UTF-8 (no surrogates, no overlong forms).
bool is_utf8(std::string_view text);

/// `text` with every maximal invalid part replaced by U+FFFD, as Rust's from_utf8_lossy and Python's "replace" do.
std::string to_valid_utf8(std::string_view text);

/// The code point at `at` of valid text; `length` receives its bytes.
char32_t utf8_at(std::string_view text, std::size_t at, std::size_t& length);

void append_utf8(std::string& out, char32_t code_point);

/// Classes of Unicode as Rust and Oniguruma define them: White_Space, categories N*, and the word characters of `\w`.
bool is_white_space(char32_t code_point);
bool is_numeric(char32_t code_point);
bool is_word(char32_t code_point);

}  // namespace bandscope::text
