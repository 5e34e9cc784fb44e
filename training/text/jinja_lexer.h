// SPDX-License-Identifier: Apache-2.0
// A Jinja template cut into text and the tokens of its tags.
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

/// Who reads templates of this kind: what becomes of the line break after a block and the blanks before it, and of the
/// template's last line break.
enum class Dialect {
  chat,  ///< transformers: trim_blocks, lstrip_blocks, without the last line break
  task,  ///< lm-evaluation-harness: all of it stays, and what is undefined may only be asked about
};

/// Throws TemplateError. The last token is `end`.
std::vector<Token> lex(const std::string& source, Dialect dialect = Dialect::chat);

}  // namespace bandscope::text::jinja
