// SPDX-License-Identifier: Apache-2.0
// The strongest binding parts of expressions: values, brackets, subscripts, calls, filters and tests.
#include "training/text/jinja_functions.h"
#include "training/text/jinja_parser.h"

namespace bandscope::text::jinja {

ExprPtr ExpressionParser::name() {
  const std::string& word = peek().text;
  ExprPtr expr = make(ExprKind::constant);
  if (word == "true" || word == "True") {
    expr->value = Value(true);
  } else if (word == "false" || word == "False") {
    expr->value = Value(false);
  } else if (word == "none" || word == "None") {
    expr->value = Value();
  } else {
    expr->kind = ExprKind::name;
    expr->text = word;
  }
  take();
  return expr;
}

ExprPtr ExpressionParser::primary() {
  const Token& token = peek();
  if (token.kind == TokenKind::name) return name();
  ExprPtr expr = make(ExprKind::constant);
  if (token.kind == TokenKind::integer) {
    expr->value = Value(take().integer);
    return expr;
  }
  if (token.kind == TokenKind::real) {
    expr->value = Value(take().real);
    return expr;
  }
  if (token.kind == TokenKind::string) {
    std::string text;
    while (peek().kind == TokenKind::string) text += take().text;  // strings side by side are one
    expr->value = Value(std::move(text));
    return expr;
  }
  if (is_op("(")) return bracketed();
  if (is_op("[")) return list();
  if (is_op("{")) return dict();
  fail_unexpected(Message::tr("an expression"));
}

ExprPtr ExpressionParser::bracketed() {
  expect_op("(");
  if (is_op(")")) {
    ExprPtr empty = make(ExprKind::list);
    take();
    return empty;
  }
  ExprPtr expr = tuple();
  expect_op(")");
  return expr;
}

ExprPtr ExpressionParser::list() {
  ExprPtr expr = make(ExprKind::list);
  expect_op("[");
  while (!is_op("]")) {
    expr->children.push_back(expression());
    if (!take_op(",")) break;
  }
  expect_op("]");
  return with_depth(std::move(expr));
}

ExprPtr ExpressionParser::dict() {
  ExprPtr expr = make(ExprKind::dict);
  expect_op("{");
  while (!is_op("}")) {
    expr->children.push_back(expression());
    expect_op(":");
    expr->children.push_back(expression());
    if (!take_op(",")) break;
  }
  expect_op("}");
  return with_depth(std::move(expr));
}

ExprPtr ExpressionParser::postfix(ExprPtr expr) {
  while (true) {
    if (take_op(".")) {
      ExprPtr outer;
      if (peek().kind == TokenKind::integer) {
        outer = make(ExprKind::subscript);
        outer->children.push_back(std::move(expr));
        ExprPtr index = make(ExprKind::constant);
        index->value = Value(take().integer);
        outer->children.push_back(std::move(index));
      } else {
        outer = make(ExprKind::attribute);
        outer->text = expect_name("the name of an attribute");
        outer->children.push_back(std::move(expr));
      }
      expr = with_depth(std::move(outer));
    } else if (is_op("[")) {
      expr = subscript(std::move(expr));
    } else if (is_op("(")) {
      ExprPtr call = make(ExprKind::call);
      call->children.push_back(std::move(expr));
      arguments(call->arguments);
      expr = with_depth(std::move(call));
    } else {
      return expr;
    }
  }
}

ExprPtr ExpressionParser::subscript(ExprPtr expr) {
  ExprPtr outer = make(ExprKind::subscript);
  expect_op("[");
  outer->children.push_back(std::move(expr));
  outer->children.push_back(is_op(":") ? nullptr : expression());
  if (is_op(":")) {
    outer->kind = ExprKind::slice;
    for (int part = 0; part < 2; ++part) {
      const bool given = take_op(":") && !is_op(":") && !is_op("]");
      outer->children.push_back(given ? expression() : nullptr);
    }
  }
  if (is_op(",")) fail("a subscript of several parts is not supported");
  expect_op("]");
  return with_depth(std::move(outer));
}

void ExpressionParser::arguments(Arguments& out) {
  expect_op("(");
  while (!is_op(")")) {
    if (is_op("*") || is_op("**")) fail("\"" + peek().text + "\" arguments are not supported");
    const bool named =
        peek().kind == TokenKind::name && tokens_[at_ + 1].kind == TokenKind::op && tokens_[at_ + 1].text == "=";
    if (named) {
      std::string key = take().text;
      take();
      out.named.emplace_back(std::move(key), expression());
    } else {
      if (!out.named.empty()) fail("an argument without a name follows one with a name");
      out.positional.push_back(expression());
    }
    if (!take_op(",")) break;
  }
  expect_op(")");
}

ExprPtr ExpressionParser::filters(ExprPtr expr) {
  while (true) {
    if (take_op("|")) {
      ExprPtr outer = make(ExprKind::filter);
      outer->text = expect_name("the name of a filter");
      if (!is_filter(outer->text))
        throw TemplateError(outer->line, Message::tr("the filter \"%1\" is not supported", outer->text));
      outer->children.push_back(std::move(expr));
      if (is_op("(")) arguments(outer->arguments);
      expr = with_depth(std::move(outer));
    } else if (is_name("is")) {
      expr = test(std::move(expr));
    } else if (is_op("(")) {
      ExprPtr call = make(ExprKind::call);
      call->children.push_back(std::move(expr));
      arguments(call->arguments);
      expr = with_depth(std::move(call));
    } else {
      return expr;
    }
  }
}

ExprPtr ExpressionParser::test(ExprPtr expr) {
  take();
  const int line = peek().line;
  const bool negated = take_name("not");
  ExprPtr outer = make(ExprKind::test);
  outer->text = expect_name("the name of a test");
  if (!is_test(outer->text)) throw TemplateError(line, Message::tr("the test \"%1\" is not supported", outer->text));
  outer->children.push_back(std::move(expr));
  if (is_op("(")) {
    arguments(outer->arguments);
  } else {
    const TokenKind kind = peek().kind;
    const bool word = kind == TokenKind::name && !is_name("else") && !is_name("or") && !is_name("and") &&
                      !is_name("is") && !is_name("if") && !is_name("not") && !is_name("in");
    if (word || kind == TokenKind::string || kind == TokenKind::integer || kind == TokenKind::real || is_op("[") ||
        is_op("{")) {
      outer->arguments.positional.push_back(postfix(primary()));
    }
  }
  outer = with_depth(std::move(outer));
  if (!negated) return outer;
  ExprPtr inverse = make(ExprKind::unary, "not");
  inverse->children.push_back(std::move(outer));
  return with_depth(std::move(inverse));
}

}  // namespace bandscope::text::jinja
