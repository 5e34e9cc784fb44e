// SPDX-License-Identifier: Apache-2.0
// Runs the parsed tree of a template: statements (jinja_execute.cpp), expressions (jinja_evaluate.cpp), and calls
// (jinja_call.cpp).
#pragma once

#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "core/message/message.h"
#include "training/text/jinja_ast.h"
#include "training/text/jinja_functions.h"
#include "training/text/jinja_limits.h"

namespace bandscope::text::jinja {

/// What a body ended with.
enum class Flow { on, stop, next };

class Renderer {
 public:
  /// `strict`: what is undefined cannot be printed, looked into or compared.
  Renderer(const Dict& variables, std::time_t now, Budget& budget, bool strict)
      : now_(now), budget_(budget), strict_(strict) {
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
  Flow execute(const Body& body);
  Flow statement(const Stmt& stmt);
  void write(const std::string& text);
  /// What the body writes, apart from the output.
  std::string captured(const Body& body);
  void set(const std::string& name, Value value);
  /// One name takes the value, several its parts.
  void assign(const std::vector<std::string>& names, Value value);
  void set_attribute(const Stmt& stmt);
  Flow loop(const Stmt& stmt);

  // Expressions.
  Value evaluate(const Expr& expr);
  /// The value of what is printed, asked for its truth, walked over, compared or computed with.
  Value used(const Expr& expr);
  Value expression(const Expr& expr);
  /// Innermost scope first, then the environment; undefined where there is none.
  Value lookup(const std::string& name);
  Value list(const Expr& expr);
  Value dict(const Expr& expr);
  Value subscript(const Expr& expr);
  Value sliced(const Expr& expr);
  Value filter(const Expr& expr);
  Value test(const Expr& expr);
  Value unary(const Expr& expr);
  Value binary(const Expr& expr);
  Value comparison(const Expr& expr);
  /// a OP b of a comparison.
  bool holds(const std::string& op, const Value& a, const Value& b);
  Value conditional(const Expr& expr);

  // Calls.
  /// The arguments of a call, evaluated.
  CallArguments arguments(const Arguments& given);
  Value call(const Expr& expr);
  /// A function of the environment.
  Value global(const std::string& name, const CallArguments& given);
  /// A macro sees what is set outside of all loops, and its own parameters.
  Value call_macro(const Macro& macro, const CallArguments& given);

  std::time_t now_;
  std::vector<Scope> scopes_;
  std::vector<std::shared_ptr<Namespace>> namespaces_;
  std::string out_;
  Budget& budget_;
  bool strict_;
  int depth_ = 0;
};

}  // namespace bandscope::text::jinja
