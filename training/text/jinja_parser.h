// SPDX-License-Identifier: Apache-2.0
// Jinja source to a tree.
#pragma once

#include "core/message/message.h"
#include "training/text/jinja_ast.h"
#include "training/text/jinja_lexer.h"

namespace bandscope::text::jinja {

/// Throws TemplateError naming what is wrong or unsupported, and its line.
Body parse(const std::string& source, Dialect dialect = Dialect::chat);

/// Expressions, from Jinja's weakest operator (… if … else …) to its strongest (call, subscript).
class ExpressionParser {
 public:
  ExpressionParser(const std::vector<Token>& tokens, std::size_t& at) : tokens_(tokens), at_(at) {}

  ExprPtr expression();
  /// `a, b` without brackets is a list, as in `{% for … in a, b %}`.
  ExprPtr tuple();
  /// Without the conditional, as the `if` of a loop ends its iterable.
  ExprPtr unconditional();

  const Token& peek() const { return tokens_[at_]; }
  const Token& take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
  bool is_op(const char* op) const { return peek().kind == TokenKind::op && peek().text == op; }
  bool is_name(const char* name) const { return peek().kind == TokenKind::name && peek().text == name; }
  bool take_op(const char* op);
  bool take_name(const char* name);
  void expect_op(const char* op);
  std::string expect_name(const char* what);
  [[noreturn]] void fail(const Message& message) const { throw TemplateError(peek().line, message); }
  [[noreturn]] void fail(const std::string& text) const { fail(Message::plain(text)); }
  [[noreturn]] void fail_unexpected(const Message& wanted) const;
  [[noreturn]] void fail_unexpected(const std::string& wanted) const { fail_unexpected(Message::plain(wanted)); }

 private:
  ExprPtr make(ExprKind kind, std::string text = {}) const;
  ExprPtr with_depth(ExprPtr expr) const;
  ExprPtr binary(std::string op, ExprPtr left, ExprPtr right) const;
  ExprPtr disjunction();
  ExprPtr conjunction();
  ExprPtr negation();
  ExprPtr comparison();
  ExprPtr sum();
  ExprPtr concatenation();
  ExprPtr product();
  ExprPtr power();
  ExprPtr unary(bool with_filters);
  ExprPtr primary();
  ExprPtr name();
  ExprPtr bracketed();
  ExprPtr list();
  ExprPtr dict();
  ExprPtr postfix(ExprPtr expr);
  ExprPtr subscript(ExprPtr expr);
  ExprPtr filters(ExprPtr expr);
  ExprPtr test(ExprPtr expr);
  void arguments(Arguments& out);

  const std::vector<Token>& tokens_;
  std::size_t& at_;
  int nesting_ = 0;
};

}  // namespace bandscope::text::jinja
