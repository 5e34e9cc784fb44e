// SPDX-License-Identifier: Apache-2.0
// Statements of a template, and the names that they set.
#include <algorithm>
#include <utility>

#include "training/text/jinja_renderer.h"

namespace bandscope::text::jinja {

Flow Renderer::execute(const Body& body) {
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

Flow Renderer::statement(const Stmt& stmt) {
  switch (stmt.kind) {
    case StmtKind::text:
      write(stmt.text);
      break;
    case StmtKind::print:
      write(to_text(used(*stmt.expr)));
      break;
    case StmtKind::branch:
      return execute(used(*stmt.expr).truth() ? stmt.body : stmt.otherwise);
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

void Renderer::write(const std::string& text) {
  budget_.make(text.size());
  out_ += text;
  if (out_.size() > kMostText) throw ValueError("the output grows larger than " + std::to_string(kMostText) + " bytes");
}

std::string Renderer::captured(const Body& body) {
  std::string before = std::exchange(out_, {});
  execute(body);
  return std::exchange(out_, std::move(before));
}

void Renderer::set(const std::string& name, Value value) {
  Scope& scope = scopes_.back();
  budget_.entries(scope.size());
  const auto known = std::find_if(scope.begin(), scope.end(), [&](const auto& entry) { return entry.first == name; });
  if (known != scope.end()) {
    known->second = std::move(value);
  } else {
    scope.emplace_back(name, std::move(value));
  }
}

void Renderer::assign(const std::vector<std::string>& names, Value value) {
  if (names.size() == 1) return set(names[0], std::move(value));
  const List parts = iterate(value, budget_);
  if (parts.size() != names.size()) {
    throw ValueError(std::to_string(parts.size()) + " values for " + std::to_string(names.size()) + " names");
  }
  for (std::size_t i = 0; i < names.size(); ++i) set(names[i], parts[i]);
}

void Renderer::set_attribute(const Stmt& stmt) {
  Value value = evaluate(*stmt.expr);
  const Value space = lookup(stmt.names[0]);
  require_defined(space);
  if (!space.is_namespace()) throw ValueError("attributes can be set on a namespace only, not on " + type_name(space));
  budget_.entries(space.name_space().attributes.size());
  for (auto& [key, old] : space.name_space().attributes) {
    if (key == stmt.names[1]) {
      old = std::move(value);
      return;
    }
  }
  space.name_space().attributes.emplace_back(stmt.names[1], std::move(value));
}

Flow Renderer::loop(const Stmt& stmt) {
  List elements = iterate(used(*stmt.expr), budget_);
  if (stmt.condition) {
    List kept;
    for (Value& element : elements) {
      scopes_.emplace_back();
      assign(stmt.names, element);
      if (used(*stmt.condition).truth()) kept.push_back(std::move(element));
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

}  // namespace bandscope::text::jinja
