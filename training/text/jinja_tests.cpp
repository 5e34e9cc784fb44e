// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "training/text/jinja_functions.h"

namespace bandscope::text::jinja {
namespace {

constexpr std::array kTests = {
    "defined",  "undefined", "none",     "string",   "number",   "integer",     "float", "boolean", "true",
    "false",    "mapping",   "iterable", "sequence", "callable", "even",        "odd",   "in",      "divisibleby",
    "sameas",   "lower",     "upper",    "equalto",  "eq",       "==",          "ne",    "!=",      "lt",
    "lessthan", "<",         "le",       "<=",       "gt",       "greaterthan", ">",     "ge",      ">="};

bool ordered(const std::string& name, int order) {
  if (name == "lt" || name == "lessthan" || name == "<") return order < 0;
  if (name == "le" || name == "<=") return order <= 0;
  if (name == "gt" || name == "greaterthan" || name == ">") return order > 0;
  return order >= 0;
}

bool same_object(const Value& a, const Value& b, Budget& budget) {
  return a.variant().index() == b.variant().index() && equal(a, b, budget);
}

}  // namespace

bool is_test(const std::string& name) {
  return std::any_of(kTests.begin(), kTests.end(), [&](const char* known) { return name == known; });
}

bool apply_test(const std::string& name, const Value& v, const CallArguments& a, Budget& budget) {
  budget.step(1 + static_cast<std::int64_t>(size_of(v) / 1024));
  const bool of_two = name == "in" || name == "divisibleby" || name == "sameas" || name == "equalto" || name == "eq" ||
                      name == "==" || name == "ne" || name == "!=" || name[0] == '<' || name[0] == '>' ||
                      name == "lt" || name == "lessthan" || name == "le" || name == "gt" || name == "greaterthan" ||
                      name == "ge";
  a.allow(of_two ? 1 : 0, {});
  if (of_two) {
    if (a.positional.empty()) throw ValueError("the test \"" + name + "\" needs an argument");
    const Value& other = a.positional[0];
    if (name == "in") return contains(other, v, budget);
    if (name == "sameas") return same_object(v, other, budget);
    if (name == "equalto" || name == "eq" || name == "==") return equal(v, other, budget);
    if (name == "ne" || name == "!=") return !equal(v, other, budget);
    if (name == "divisibleby") {
      if (other.integer() == 0) throw ValueError(Message::tr("division by zero"));
      return other.integer() == -1 || v.integer() % other.integer() == 0;
    }
    return ordered(name, compare(v, other, budget));
  }
  if (name == "defined") return !v.is_undefined();
  if (name == "undefined") return v.is_undefined();
  if (name == "none") return v.is_none();
  if (name == "string") return v.is_string();
  if (name == "number") return v.is_number();
  if (name == "integer") return v.is_integer();
  if (name == "float") return v.is<double>();
  if (name == "boolean") return v.is<bool>();
  if (name == "true") return v.is<bool>() && v.truth();
  if (name == "false") return v.is<bool>() && !v.truth();
  if (name == "mapping") return v.is_dict();
  if (name == "iterable" || name == "sequence") {
    return v.is_list() || v.is_dict() || v.is_string() || v.is_undefined();
  }
  if (name == "callable") return v.is_callable();
  if (name == "even") return v.integer() % 2 == 0;
  if (name == "odd") return v.integer() % 2 != 0;
  const std::string text = to_text(v);
  budget.look_up(2 * text.size());
  if (name == "lower") return text == lower(text) && text != upper(text);
  return text == upper(text) && text != lower(text);
}

}  // namespace bandscope::text::jinja
