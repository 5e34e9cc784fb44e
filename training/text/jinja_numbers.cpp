// SPDX-License-Identifier: Apache-2.0
// Filters that make numbers, or choose by order.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "training/text/jinja_arithmetic.h"
#include "training/text/jinja_functions.h"

namespace bandscope::text::jinja {
namespace {

std::optional<double> real_number(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  double value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

Value to_integer(const Value& input, const CallArguments& a) {
  a.allow(1, {"default"});
  const Value* otherwise = a.get(0, "default");
  if (input.is<double>() && std::fabs(input.number()) < 9e18) return static_cast<std::int64_t>(input.number());
  if (input.is_number() && !input.is<double>()) return input.integer();
  if (input.is_string()) {
    const std::string text = strip(input.string(), true, true, nullptr);
    std::int64_t value = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    if (parsed.ec == std::errc() && parsed.ptr == text.data() + text.size()) return value;
    // As Jinja has it, int(float(text)) comes next.
    const std::optional<double> real = real_number(text);
    if (real && std::fabs(*real) < 9e18) return static_cast<std::int64_t>(*real);
  }
  return otherwise != nullptr ? *otherwise : Value(std::int64_t{0});
}

Value to_float(const Value& input, const CallArguments& a) {
  a.allow(1, {"default"});
  const Value* otherwise = a.get(0, "default");
  if (input.is_number()) return input.number();
  if (input.is_string()) {
    if (const auto value = real_number(strip(input.string(), true, true, nullptr))) return *value;
  }
  return otherwise != nullptr ? *otherwise : Value(0.0);
}

/// Python's round(): to the nearest decimal of the number's exact value, ties to even; whole numbers stay whole.
Value rounded(const Value& input, const CallArguments& a) {
  a.allow(2, {"precision", "method"});
  const Value *given = a.get(0, "precision"), *method = a.get(1, "method");
  const auto precision = given != nullptr ? static_cast<int>(std::clamp<std::int64_t>(given->integer(), -300, 300)) : 0;
  const std::string way = method != nullptr ? string_argument(*method, "round") : "common";
  if (way != "common" && way != "ceil" && way != "floor")
    throw ValueError("round takes the methods common, ceil and floor, not " + short_name(way));
  if (!input.is_number()) throw ValueError("round needs a number, not " + type_name(input));
  if (way == "common" && !input.is<double>() && precision >= 0) return input.integer();
  const double value = input.number(), unit = std::pow(10.0, precision);
  if (!std::isfinite(value)) return value;
  if (way == "ceil") return std::ceil(value * unit) / unit;
  if (way == "floor") return std::floor(value * unit) / unit;
  if (precision > 22 || std::fabs(value) >= 1e17) return value;  // has no more decimals
  if (precision < 0) {
    const double tens = std::pow(10.0, -precision), result = std::nearbyint(value / tens) * tens;
    return input.is<double>() ? Value(result) : Value(static_cast<std::int64_t>(result));
  }
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", precision, value);
  return std::strtod(text, nullptr);
}

Value sum(const Value& input, const CallArguments& a, Budget& budget) {
  a.allow(2, {"attribute", "start"});
  const Value *key = a.get(0, "attribute"), *start = a.get(1, "start");
  Value total = start != nullptr ? *start : Value(std::int64_t{0});
  for (const Value& entry : iterate(input, budget)) {
    budget.step();
    const bool inside = key != nullptr && !key->is_none();
    total = arithmetic("+", total, inside ? attribute(entry, string_argument(*key, "sum"), budget) : entry, budget);
  }
  return total;
}

/// The first of those that come before or after all others.
Value extreme(const Value& input, const CallArguments& a, bool greatest, Budget& budget) {
  const char* name = greatest ? "max" : "min";
  a.allow(2, {"case_sensitive", "attribute"});
  const Value *exact = a.get(0, "case_sensitive"), *key = a.get(1, "attribute");
  const bool folds = exact == nullptr || !exact->truth();
  std::optional<Value> best, best_by;
  for (const Value& entry : iterate(input, budget)) {
    budget.step();
    Value by = key != nullptr && !key->is_none() ? attribute(entry, string_argument(*key, name), budget) : entry;
    if (folds && by.is_string()) {
      budget.look_up(by.string().size());
      by = Value(lower(by.string()));
    }
    const int order = best_by ? compare(by, *best_by, budget) : 0;
    if (!best_by || (greatest ? order > 0 : order < 0)) best = entry, best_by = std::move(by);
  }
  if (!best) return Undefined{Message::plain(std::string("the ") + name + " of nothing is undefined")};
  return *best;
}

}  // namespace

bool is_number_filter(const std::string& name) {
  constexpr std::array names = {"int", "float", "round", "sum", "min", "max"};
  return std::any_of(names.begin(), names.end(), [&](const char* known) { return name == known; });
}

Value number_filter(const std::string& name, const Value& input, const CallArguments& a, Budget& budget) {
  if (name == "int") return to_integer(input, a);
  if (name == "float") return to_float(input, a);
  if (name == "round") return rounded(input, a);
  if (name == "sum") return sum(input, a, budget);
  return extreme(input, a, name == "max", budget);
}

}  // namespace bandscope::text::jinja
