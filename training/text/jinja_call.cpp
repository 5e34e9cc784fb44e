// SPDX-License-Identifier: Apache-2.0
// Calls in a template: methods, macros, and functions of the environment.
#include <algorithm>
#include <utility>

#include "core/input/printable.h"
#include "training/text/jinja_renderer.h"

namespace bandscope::text::jinja {

CallArguments Renderer::arguments(const Arguments& given) {
  CallArguments out;
  for (const ExprPtr& argument : given.positional) out.positional.push_back(evaluate(*argument));
  for (const auto& [name, argument] : given.named) out.named.emplace_back(name, evaluate(*argument));
  return out;
}

Value Renderer::call(const Expr& expr) {
  const Value callee = evaluate(*expr.children[0]);
  require_defined(callee);
  const CallArguments given = arguments(expr.arguments);
  if (callee.is<const Macro*>()) return call_macro(*std::get<const Macro*>(callee.variant()), given);
  if (!callee.is_callable()) throw ValueError(type_name(callee) + " cannot be called");
  const Function& function = callee.function();
  Value out = function.self ? call_method(*function.self, function.name, given, budget_) : global(function.name, given);
  budget_.make(size_of(out));
  return out;
}

Value Renderer::global(const std::string& name, const CallArguments& given) {
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

Value Renderer::call_macro(const Macro& macro, const CallArguments& given) {
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
  budget_.entries((given.named.size() + scopes_.front().size()) * 8 + 2 * given.named.size() * macro.parameters.size());
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

}  // namespace bandscope::text::jinja
