// SPDX-License-Identifier: Apache-2.0
// Expressions of a template.
#include <algorithm>
#include <utility>

#include "training/text/jinja_arithmetic.h"
#include "training/text/jinja_renderer.h"

namespace bandscope::text::jinja {

namespace {

constexpr const char* kGlobals[] = {"raise_exception", "strftime_now", "namespace", "range", "dict"};

}  // namespace

Value Renderer::evaluate(const Expr& expr) {
  const Deeper deeper(depth_, expr.line);
  try {
    budget_.step();
    return expression(expr);
  } catch (const ValueError& error) {
    throw TemplateError(expr.line, error.message());
  }
}

Value Renderer::used(const Expr& expr) {
  Value value = evaluate(expr);
  if (strict_) require_defined(value);
  return value;
}

Value Renderer::expression(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::constant:
      return expr.value;
    case ExprKind::name:
      return lookup(expr.text);
    case ExprKind::list:
      return list(expr);
    case ExprKind::dict:
      return dict(expr);
    case ExprKind::attribute:
      return attribute(evaluate(*expr.children[0]), expr.text, budget_);
    case ExprKind::subscript:
      return subscript(expr);
    case ExprKind::slice:
      return sliced(expr);
    case ExprKind::call:
      return call(expr);
    case ExprKind::filter:
      return filter(expr);
    case ExprKind::test:
      return test(expr);
    case ExprKind::unary:
      return unary(expr);
    case ExprKind::binary:
      return binary(expr);
    case ExprKind::comparison:
      return comparison(expr);
    case ExprKind::conditional:
      return conditional(expr);
  }
  return {};
}

Value Renderer::lookup(const std::string& name) {
  budget_.entries(scopes_.size());
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
    if (const Value* found = find(*scope, name, budget_)) return *found;
  }
  for (const char* global : kGlobals) {
    if (name == global) return Function{name, nullptr};
  }
  return Undefined{Message::tr("'%1' is undefined", short_name(name))};
}

Value Renderer::list(const Expr& expr) {
  List out;
  budget_.make(expr.children.size() * sizeof(Value));
  for (const ExprPtr& child : expr.children) out.push_back(evaluate(*child));
  return out;
}

Value Renderer::dict(const Expr& expr) {
  Dict out;
  budget_.make(expr.children.size() * sizeof(Value));
  for (std::size_t i = 0; i + 1 < expr.children.size(); i += 2) {
    const Value key = evaluate(*expr.children[i]);
    const std::string& name = string_argument(key, "the key of a dict");
    Value value = evaluate(*expr.children[i + 1]);
    budget_.make(name.size());
    budget_.entries(out.size(), name.size());
    const auto known = std::find_if(out.begin(), out.end(), [&](const auto& entry) { return entry.first == name; });
    if (known != out.end()) {
      known->second = std::move(value);
    } else {
      out.emplace_back(name, std::move(value));
    }
  }
  return out;
}

Value Renderer::subscript(const Expr& expr) {
  const Value value = evaluate(*expr.children[0]);
  return item(value, evaluate(*expr.children[1]), budget_);
}

Value Renderer::sliced(const Expr& expr) {
  const Value value = evaluate(*expr.children[0]);
  Value parts[3];
  for (std::size_t i = 0; i < 3; ++i) {
    if (expr.children[i + 1]) parts[i] = evaluate(*expr.children[i + 1]);
  }
  return slice(value, &parts[0], &parts[1], &parts[2], budget_);
}

Value Renderer::filter(const Expr& expr) {
  const bool asks = expr.text == "default" || expr.text == "d";
  const Value input = asks ? evaluate(*expr.children[0]) : used(*expr.children[0]);
  // Strict are a task's templates.
  const std::string name = strict_ && expr.text == "tojson" ? kHtmlJson : expr.text;
  Value out = apply_filter(name, input, arguments(expr.arguments), budget_);
  budget_.make(size_of(out));
  return out;
}

Value Renderer::test(const Expr& expr) {
  const bool asks = expr.text == "defined" || expr.text == "undefined";
  const Value input = asks ? evaluate(*expr.children[0]) : used(*expr.children[0]);
  return apply_test(expr.text, input, arguments(expr.arguments), budget_);
}

Value Renderer::unary(const Expr& expr) {
  const Value value = used(*expr.children[0]);
  if (expr.text == "not") return !value.truth();
  if (expr.text == "-") return arithmetic("-", Value(std::int64_t{0}), value, budget_);
  return arithmetic("+", Value(std::int64_t{0}), value, budget_);
}

Value Renderer::binary(const Expr& expr) {
  const Value left = used(*expr.children[0]);
  if (expr.text == "and") return left.truth() ? evaluate(*expr.children[1]) : left;
  if (expr.text == "or") return left.truth() ? left : evaluate(*expr.children[1]);
  return arithmetic(expr.text, left, used(*expr.children[1]), budget_);
}

Value Renderer::comparison(const Expr& expr) {
  Value left = used(*expr.children[0]);
  for (std::size_t i = 0; i < expr.ops.size(); ++i) {
    Value right = used(*expr.children[i + 1]);
    if (!holds(expr.ops[i], left, right)) return false;
    left = std::move(right);
  }
  return true;
}

bool Renderer::holds(const std::string& op, const Value& a, const Value& b) {
  if (op == "==") return equal(a, b, budget_);
  if (op == "!=") return !equal(a, b, budget_);
  if (op == "in") return contains(b, a, budget_);
  if (op == "not in") return !contains(b, a, budget_);
  const int order = compare(a, b, budget_);
  return op == "<" ? order < 0 : op == "<=" ? order <= 0 : op == ">" ? order > 0 : order >= 0;
}

Value Renderer::conditional(const Expr& expr) {
  if (used(*expr.children[1]).truth()) return evaluate(*expr.children[0]);
  if (expr.children[2]) return evaluate(*expr.children[2]);
  return Undefined{Message::plain("the value of an \"if\" without \"else\" is undefined")};
}

}  // namespace bandscope::text::jinja
