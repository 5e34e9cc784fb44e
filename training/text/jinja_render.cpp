// SPDX-License-Identifier: Apache-2.0
#include "training/text/jinja_render.h"

#include <algorithm>
#include <utility>

#include "core/input/printable.h"
#include "training/text/jinja_arithmetic.h"
#include "training/text/jinja_functions.h"
#include "training/text/jinja_limits.h"

namespace bandscope::jinja {
namespace {

/// What a body ended with.
enum class Flow { on, stop, next };

constexpr const char* kGlobals[] = {"raise_exception", "strftime_now", "namespace", "range", "dict"};

class Renderer {
 public:
  Renderer(const Dict& variables, std::time_t now, Budget& budget) : now_(now), budget_(budget) {
    scopes_.push_back(variables);
  }
  Renderer(const Renderer&) = delete;
  Renderer& operator=(const Renderer&) = delete;
  ~Renderer() {
    // Namespaces can hold each other; emptied while still held here, none outlives the rendering.
    for (const auto& space : namespaces_) space->attributes.clear();
  }

  std::string run(const Body& body) {
    execute(body);
    return std::move(out_);
  }

 private:
  using Scope = Dict;

  /// Counts nested evaluations for as long as it lives.
  class Deeper {
   public:
    Deeper(int& depth, int line) : depth_(depth) {
      if (depth_ >= kDeepestCall) throw TemplateError(line, Message::tr("the template nests too deep while it runs"));
      ++depth_;
    }
    ~Deeper() { --depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

   private:
    int& depth_;
  };

  // Statements.

  Flow execute(const Body& body) {
    for (const auto& stmt : body) {
      const Deeper deeper(depth_, stmt->line);
      try {
        budget_.step();
        const Flow flow = statement(*stmt);
        if (flow != Flow::on) return flow;
      } catch (const ValueError& error) {
        throw TemplateError(stmt->line, error.message());
      }
    }
    return Flow::on;
  }

  Flow statement(const Stmt& stmt) {
    switch (stmt.kind) {
      case StmtKind::text:
        write(stmt.text);
        break;
      case StmtKind::print:
        write(to_text(evaluate(*stmt.expr)));
        break;
      case StmtKind::branch:
        return execute(evaluate(*stmt.expr).truth() ? stmt.body : stmt.otherwise);
      case StmtKind::loop:
        return loop(stmt);
      case StmtKind::set:
        assign(stmt.names, stmt.expr ? evaluate(*stmt.expr) : Value(captured(stmt.body)));
        break;
      case StmtKind::set_attr:
        set_attribute(stmt);
        break;
      case StmtKind::macro:
        set(stmt.macro->name, Value(stmt.macro.get()));
        break;
      case StmtKind::group:
        return execute(stmt.body);
      case StmtKind::stop:
        return Flow::stop;
      case StmtKind::next:
        return Flow::next;
    }
    return Flow::on;
  }

  void write(const std::string& text) {
    budget_.make(text.size());
    out_ += text;
    if (out_.size() > kMostText)
      throw ValueError("the output grows larger than " + std::to_string(kMostText) + " bytes");
  }

  std::string captured(const Body& body) {
    std::string before = std::exchange(out_, {});
    execute(body);
    return std::exchange(out_, std::move(before));
  }

  void set(const std::string& name, Value value) {
    Scope& scope = scopes_.back();
    budget_.entries(scope.size());
    const auto known = std::find_if(scope.begin(), scope.end(), [&](const auto& entry) { return entry.first == name; });
    if (known != scope.end()) {
      known->second = std::move(value);
    } else {
      scope.emplace_back(name, std::move(value));
    }
  }

  void assign(const std::vector<std::string>& names, Value value) {
    if (names.size() == 1) return set(names[0], std::move(value));
    const List parts = iterate(value, budget_);
    if (parts.size() != names.size()) {
      throw ValueError(std::to_string(parts.size()) + " values for " + std::to_string(names.size()) + " names");
    }
    for (std::size_t i = 0; i < names.size(); ++i) set(names[i], parts[i]);
  }

  void set_attribute(const Stmt& stmt) {
    Value value = evaluate(*stmt.expr);
    const Value space = lookup(stmt.names[0]);
    require_defined(space);
    if (!space.is_namespace())
      throw ValueError("attributes can be set on a namespace only, not on " + type_name(space));
    budget_.entries(space.name_space().attributes.size());
    for (auto& [key, old] : space.name_space().attributes) {
      if (key == stmt.names[1]) {
        old = std::move(value);
        return;
      }
    }
    space.name_space().attributes.emplace_back(stmt.names[1], std::move(value));
  }

  Flow loop(const Stmt& stmt) {
    List elements = iterate(evaluate(*stmt.expr), budget_);
    if (stmt.condition) {
      List kept;
      for (Value& element : elements) {
        scopes_.emplace_back();
        assign(stmt.names, element);
        if (evaluate(*stmt.condition).truth()) kept.push_back(std::move(element));
        scopes_.pop_back();
      }
      elements = std::move(kept);
    }
    if (elements.empty()) return execute(stmt.otherwise);
    for (std::size_t i = 0; i < elements.size(); ++i) {
      scopes_.emplace_back();
      budget_.step(8);
      set("loop", loop_variable(elements, i));
      assign(stmt.names, elements[i]);
      const Flow flow = execute(stmt.body);
      scopes_.pop_back();
      if (flow == Flow::stop) break;
    }
    return Flow::on;
  }

  // Expressions.

  Value evaluate(const Expr& expr) {
    const Deeper deeper(depth_, expr.line);
    try {
      budget_.step();
      return expression(expr);
    } catch (const ValueError& error) {
      throw TemplateError(expr.line, error.message());
    }
  }

  Value expression(const Expr& expr) {
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

  Value lookup(const std::string& name) {
    budget_.entries(scopes_.size());
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
      if (const Value* found = find(*scope, name, budget_)) return *found;
    }
    for (const char* global : kGlobals) {
      if (name == global) return Function{name, nullptr};
    }
    return Undefined{Message::tr("'%1' is undefined", short_name(name))};
  }

  Value list(const Expr& expr) {
    List out;
    budget_.make(expr.children.size() * sizeof(Value));
    for (const ExprPtr& child : expr.children) out.push_back(evaluate(*child));
    return out;
  }

  Value dict(const Expr& expr) {
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

  Value subscript(const Expr& expr) {
    const Value value = evaluate(*expr.children[0]);
    return item(value, evaluate(*expr.children[1]), budget_);
  }

  Value sliced(const Expr& expr) {
    const Value value = evaluate(*expr.children[0]);
    Value parts[3];
    for (std::size_t i = 0; i < 3; ++i) {
      if (expr.children[i + 1]) parts[i] = evaluate(*expr.children[i + 1]);
    }
    return slice(value, &parts[0], &parts[1], &parts[2], budget_);
  }

  CallArguments arguments(const Arguments& given) {
    CallArguments out;
    for (const ExprPtr& argument : given.positional) out.positional.push_back(evaluate(*argument));
    for (const auto& [name, argument] : given.named) out.named.emplace_back(name, evaluate(*argument));
    return out;
  }

  Value filter(const Expr& expr) {
    const Value input = evaluate(*expr.children[0]);
    Value out = apply_filter(expr.text, input, arguments(expr.arguments), budget_);
    budget_.make(size_of(out));
    return out;
  }

  Value test(const Expr& expr) {
    const Value input = evaluate(*expr.children[0]);
    return apply_test(expr.text, input, arguments(expr.arguments), budget_);
  }

  Value unary(const Expr& expr) {
    const Value value = evaluate(*expr.children[0]);
    if (expr.text == "not") return !value.truth();
    if (expr.text == "-") return arithmetic("-", Value(std::int64_t{0}), value, budget_);
    return arithmetic("+", Value(std::int64_t{0}), value, budget_);
  }

  Value binary(const Expr& expr) {
    const Value left = evaluate(*expr.children[0]);
    if (expr.text == "and") return left.truth() ? evaluate(*expr.children[1]) : left;
    if (expr.text == "or") return left.truth() ? left : evaluate(*expr.children[1]);
    return arithmetic(expr.text, left, evaluate(*expr.children[1]), budget_);
  }

  Value comparison(const Expr& expr) {
    Value left = evaluate(*expr.children[0]);
    for (std::size_t i = 0; i < expr.ops.size(); ++i) {
      Value right = evaluate(*expr.children[i + 1]);
      if (!holds(expr.ops[i], left, right)) return false;
      left = std::move(right);
    }
    return true;
  }

  bool holds(const std::string& op, const Value& a, const Value& b) {
    if (op == "==") return equal(a, b, budget_);
    if (op == "!=") return !equal(a, b, budget_);
    if (op == "in") return contains(b, a, budget_);
    if (op == "not in") return !contains(b, a, budget_);
    const int order = compare(a, b, budget_);
    return op == "<" ? order < 0 : op == "<=" ? order <= 0 : op == ">" ? order > 0 : order >= 0;
  }

  Value conditional(const Expr& expr) {
    if (evaluate(*expr.children[1]).truth()) return evaluate(*expr.children[0]);
    if (expr.children[2]) return evaluate(*expr.children[2]);
    return Undefined{Message::plain("the value of an \"if\" without \"else\" is undefined")};
  }

  // Calls.

  Value call(const Expr& expr) {
    const Value callee = evaluate(*expr.children[0]);
    require_defined(callee);
    const CallArguments given = arguments(expr.arguments);
    if (callee.is<const Macro*>()) return call_macro(*std::get<const Macro*>(callee.variant()), given);
    if (!callee.is_callable()) throw ValueError(type_name(callee) + " cannot be called");
    const Function& function = callee.function();
    Value out =
        function.self ? call_method(*function.self, function.name, given, budget_) : global(function.name, given);
    budget_.make(size_of(out));
    return out;
  }

  Value global(const std::string& name, const CallArguments& given) {
    if (name == "raise_exception") {
      given.allow(1, {"message"});
      const Value* message = given.get(0, "message");
      throw ValueError(Message::tr("the template refuses these messages: %1",
                                   message != nullptr ? printable(to_text(*message)) : std::string()));
    }
    if (name == "strftime_now") return formatted_time(given, now_);
    if (name == "range") return range(given, budget_);
    if (!given.positional.empty()) throw ValueError(name + "() takes named values only");
    if (name == "dict") return Dict(given.named);
    if (namespaces_.size() >= kMostElements) throw ValueError("the template makes too many namespaces");
    auto space = std::make_shared<Namespace>();
    space->attributes = given.named;
    namespaces_.push_back(space);
    return space;
  }

  Value call_macro(const Macro& macro, const CallArguments& given) {
    if (given.positional.size() > macro.parameters.size()) {
      throw ValueError("the macro " + macro.name + " takes " + std::to_string(macro.parameters.size()) +
                       " arguments, not " + std::to_string(given.positional.size()));
    }
    budget_.entries(given.named.size() * macro.parameters.size());
    for (const auto& argument : given.named) {
      const auto known = [&](const auto& parameter) { return parameter.first == argument.first; };
      if (std::none_of(macro.parameters.begin(), macro.parameters.end(), known)) {
        throw ValueError("the macro " + macro.name + " has no parameter " + argument.first);
      }
    }
    budget_.entries((given.named.size() + scopes_.front().size()) * 8 +
                    2 * given.named.size() * macro.parameters.size());
    // A macro sees what is set outside of all loops, and its own parameters.
    std::vector<Scope> outer;
    outer.push_back(scopes_.front());
    std::swap(scopes_, outer);
    scopes_.emplace_back();
    for (std::size_t i = 0; i < macro.parameters.size(); ++i) {
      const auto& [name, absent] = macro.parameters[i];
      const Value* value = given.get(i, name.c_str());
      if (value != nullptr) {
        set(name, *value);
      } else {
        set(name,
            absent ? evaluate(*absent) : Value(Undefined{Message::plain("parameter '" + name + "' was not provided")}));
      }
    }
    std::string out = captured(macro.body);
    std::swap(scopes_, outer);
    return out;
  }

  std::time_t now_;
  std::vector<Scope> scopes_;
  std::vector<std::shared_ptr<Namespace>> namespaces_;
  std::string out_;
  Budget& budget_;
  int depth_ = 0;
};

}  // namespace

std::string render(const Body& body, const Dict& variables, std::time_t now, Budget& budget) {
  return Renderer(variables, now, budget).run(body);
}

}  // namespace bandscope::jinja
