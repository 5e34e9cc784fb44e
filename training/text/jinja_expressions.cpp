// SPDX-License-Identifier: Apache-2.0
// The operators of expressions, from the weakest to the strongest.
#include <algorithm>

#include "training/text/jinja_limits.h"
#include "training/text/jinja_parser.h"

namespace bandscope::text::jinja {
namespace {

/// Counts nesting for as long as it lives.
class Nested {
 public:
  Nested(int& depth, int line) : depth_(depth) {
    if (depth_ >= kDeepestSource) throw TemplateError(line, Message::tr("an expression is nested too deep"));
    ++depth_;
  }
  ~Nested() { --depth_; }
  Nested(const Nested&) = delete;
  Nested& operator=(const Nested&) = delete;

 private:
  int& depth_;
};

}  // namespace

bool ExpressionParser::take_op(const char* op) {
  if (!is_op(op)) return false;
  take();
  return true;
}

bool ExpressionParser::take_name(const char* name) {
  if (!is_name(name)) return false;
  take();
  return true;
}

void ExpressionParser::expect_op(const char* op) {
  if (!take_op(op)) fail_unexpected("\"" + std::string(op) + "\"");
}

std::string ExpressionParser::expect_name(const char* what) {
  if (peek().kind != TokenKind::name) fail_unexpected(what);
  return take().text;
}

void ExpressionParser::fail_unexpected(const Message& wanted) const {
  const Token& token = peek();
  Message found;
  switch (token.kind) {
    case TokenKind::end:
      found = Message::tr("the end of the template");
      break;
    case TokenKind::text:
      found = Message::plain("text");
      break;
    case TokenKind::print_begin:
      found = Message::plain("\"{{\"");
      break;
    case TokenKind::print_end:
      found = Message::plain("\"}}\"");
      break;
    case TokenKind::block_begin:
      found = Message::plain("\"{%\"");
      break;
    case TokenKind::block_end:
      found = Message::plain("\"%}\"");
      break;
    case TokenKind::string:
      found = Message::tr("a string");
      break;
    default:
      found = Message::plain("\"" + token.text + "\"");
      break;
  }
  fail(Message::tr("found %1 where %2 is needed", found, wanted));
}

ExprPtr ExpressionParser::make(ExprKind kind, std::string text) const {
  auto expr = std::make_unique<Expr>();
  expr->kind = kind;
  expr->line = peek().line;
  expr->text = std::move(text);
  return expr;
}

ExprPtr ExpressionParser::with_depth(ExprPtr expr) const {
  int below = 0;
  const auto count = [&below](const ExprPtr& child) { below = child ? std::max(below, child->depth) : below; };
  for (const ExprPtr& child : expr->children) count(child);
  for (const ExprPtr& argument : expr->arguments.positional) count(argument);
  for (const auto& argument : expr->arguments.named) count(argument.second);
  expr->depth = below + 1;
  if (expr->depth > kDeepestTree) fail("an expression has too many parts");
  return expr;
}

ExprPtr ExpressionParser::binary(std::string op, ExprPtr left, ExprPtr right) const {
  ExprPtr expr = make(ExprKind::binary, std::move(op));
  expr->line = left->line;
  expr->children.push_back(std::move(left));
  expr->children.push_back(std::move(right));
  return with_depth(std::move(expr));
}

ExprPtr ExpressionParser::tuple() {
  ExprPtr first = expression();
  if (!is_op(",")) return first;
  ExprPtr list = make(ExprKind::list);
  list->children.push_back(std::move(first));
  while (take_op(",")) {
    if (peek().kind == TokenKind::block_end || peek().kind == TokenKind::print_end || is_op(")")) break;
    list->children.push_back(expression());
  }
  return with_depth(std::move(list));
}

ExprPtr ExpressionParser::expression() {
  const Nested nested(nesting_, peek().line);
  ExprPtr expr = disjunction();
  while (take_name("if")) {
    ExprPtr conditional = make(ExprKind::conditional);
    conditional->children.push_back(std::move(expr));
    conditional->children.push_back(disjunction());
    conditional->children.push_back(take_name("else") ? expression() : nullptr);
    expr = with_depth(std::move(conditional));
  }
  return expr;
}

ExprPtr ExpressionParser::unconditional() {
  const Nested nested(nesting_, peek().line);
  return disjunction();
}

ExprPtr ExpressionParser::disjunction() {
  ExprPtr left = conjunction();
  while (take_name("or")) left = binary("or", std::move(left), conjunction());
  return left;
}

ExprPtr ExpressionParser::conjunction() {
  ExprPtr left = negation();
  while (take_name("and")) left = binary("and", std::move(left), negation());
  return left;
}

ExprPtr ExpressionParser::negation() {
  if (!is_name("not")) return comparison();
  const Nested nested(nesting_, peek().line);
  ExprPtr expr = make(ExprKind::unary, "not");
  take();
  expr->children.push_back(negation());
  return with_depth(std::move(expr));
}

ExprPtr ExpressionParser::comparison() {
  ExprPtr left = sum();
  ExprPtr chain;
  while (true) {
    std::string op;
    for (const char* known : {"==", "!=", "<=", ">=", "<", ">"}) {
      if (is_op(known)) op = known;
    }
    if (!op.empty()) {
      take();
    } else if (take_name("in")) {
      op = "in";
    } else if (is_name("not") && tokens_[at_ + 1].kind == TokenKind::name && tokens_[at_ + 1].text == "in") {
      take(), take();
      op = "not in";
    } else {
      break;
    }
    if (!chain) {
      chain = make(ExprKind::comparison);
      chain->children.push_back(std::move(left));
    }
    chain->ops.push_back(op);
    chain->children.push_back(sum());
  }
  return chain ? with_depth(std::move(chain)) : std::move(left);
}

ExprPtr ExpressionParser::sum() {
  ExprPtr left = concatenation();
  while (is_op("+") || is_op("-")) {
    std::string op = take().text;
    left = binary(std::move(op), std::move(left), concatenation());
  }
  return left;
}

ExprPtr ExpressionParser::concatenation() {
  ExprPtr left = product();
  while (take_op("~")) left = binary("~", std::move(left), product());
  return left;
}

ExprPtr ExpressionParser::product() {
  ExprPtr left = power();
  while (is_op("*") || is_op("/") || is_op("//") || is_op("%")) {
    std::string op = take().text;
    left = binary(std::move(op), std::move(left), power());
  }
  return left;
}

ExprPtr ExpressionParser::power() {
  ExprPtr left = unary(true);
  while (take_op("**")) left = binary("**", std::move(left), unary(true));
  return left;
}

ExprPtr ExpressionParser::unary(bool with_filters) {
  ExprPtr expr;
  if (is_op("-") || is_op("+")) {
    const Nested nested(nesting_, peek().line);
    expr = make(ExprKind::unary, peek().text);
    take();
    expr->children.push_back(unary(false));
    expr = with_depth(std::move(expr));
  } else {
    expr = primary();
  }
  expr = postfix(std::move(expr));
  return with_filters ? filters(std::move(expr)) : std::move(expr);
}

}  // namespace bandscope::text::jinja
