// SPDX-License-Identifier: Apache-2.0
// The tree of a parsed chat template.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "training/text/jinja_value.h"

namespace bandscope::text::jinja {

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

/// Arguments of a call, filter or test.
struct Arguments {
  std::vector<ExprPtr> positional;
  std::vector<std::pair<std::string, ExprPtr>> named;
};

enum class ExprKind {
  constant,     // value
  name,         // text
  list,         // children
  dict,         // children: key, value, key, value …
  attribute,    // children[0].text
  subscript,    // children[0][children[1]]
  slice,        // children[0][children[1]:children[2]:children[3]], null where left out
  call,         // children[0](arguments)
  filter,       // children[0] | text(arguments)
  test,         // children[0] is text(arguments)
  unary,        // text: "not", "-", "+"
  binary,       // text: + - * / // % ** ~ and or
  comparison,   // children[0] ops[0] children[1] ops[1] …
  conditional,  // children[0] if children[1] else children[2] (null: undefined)
};

struct Expr {
  ExprKind kind;
  int line = 0;
  int depth = 1;  ///< of the tree below, bounded while parsing
  std::string text;
  Value value;
  std::vector<ExprPtr> children;
  std::vector<std::string> ops;
  Arguments arguments;
};

struct Stmt;
using Body = std::vector<std::unique_ptr<Stmt>>;

enum class StmtKind {
  text,      // text
  print,     // expr
  branch,    // if expr: body, else: otherwise (elif is a branch in otherwise)
  loop,      // for names in expr [if condition]: body, else: otherwise
  set,       // names = expr; with an empty expr, = the output of body
  set_attr,  // names[0].names[1] = expr
  macro,     // macro
  group,     // body ({% generation %})
  stop,      // break
  next,      // continue
};

/// A macro: its output with parameters set. Held by the tree, so that values can point to it.
struct Macro {
  std::string name;
  std::vector<std::pair<std::string, ExprPtr>> parameters;  ///< with default, or null
  Body body;
};

struct Stmt {
  StmtKind kind;
  int line = 0;
  std::string text;
  std::vector<std::string> names;
  ExprPtr expr, condition;
  Body body, otherwise;
  std::unique_ptr<Macro> macro;
};

}  // namespace bandscope::text::jinja
