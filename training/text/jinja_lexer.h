// SPDX-License-Identifier: Apache-2.0
// A Jinja template cut into text and the tokens of its tags, white space handled as transformers sets it
// (trim_blocks and lstrip_blocks).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bandscope::text::jinja {

enum class TokenKind { text, print_begin, print_end, block_begin, block_end, name, string, integer, real, op, end };

struct Token {
  TokenKind kind;
  int line;          ///< from 1
  std::string text;  ///< of text, name, string (unescaped) and op
  std::int64_t integer = 0;
  double real = 0;
};

/// Throws TemplateError. The last token is `end`.
std::vector<Token> lex(const std::string& source);

}  // namespace bandscope::text::jinja
