// SPDX-License-Identifier: Apache-2.0
#include "training/text/jinja_arithmetic.h"

#include <algorithm>
#include <cmath>

#include "training/text/jinja_functions.h"

namespace bandscope::text::jinja {
namespace {

[[noreturn]] void out_of_range() { throw ValueError("a whole number is out of range"); }

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  if (b == 0) throw ValueError(Message::tr("division by zero"));
  if (b == -1) {
    if (a == INT64_MIN) out_of_range();
    return -a;
  }
  return a / b - ((a % b != 0 && (a < 0) != (b < 0)) ? 1 : 0);
}

Value integers(const std::string& op, std::int64_t a, std::int64_t b) {
  std::int64_t out = 0;
  bool overflow = false;
  if (op == "+") {
    overflow = __builtin_add_overflow(a, b, &out);
  } else if (op == "-") {
    overflow = __builtin_sub_overflow(a, b, &out);
  } else if (op == "*") {
    overflow = __builtin_mul_overflow(a, b, &out);
  } else if (op == "//") {
    out = floor_div(a, b);
  } else if (op == "%") {
    if (b == 0) throw ValueError(Message::tr("division by zero"));
    out = b == -1 ? 0 : a - b * floor_div(a, b);
  } else if (op == "/") {
    if (b == 0) throw ValueError(Message::tr("division by zero"));
    return static_cast<double>(a) / static_cast<double>(b);
  } else if (b < 0) {
    return std::pow(static_cast<double>(a), static_cast<double>(b));
  } else {
    out = 1;
    if (std::abs(static_cast<double>(a)) > 1 && b > 64) out_of_range();
    if (a == 0 || a == 1 || a == -1)
      return b == 0 || a == 1 ? std::int64_t{1} : a == 0 ? std::int64_t{0} : (b % 2 ? -1 : std::int64_t{1});
    for (std::int64_t i = 0; i < b; ++i) overflow = overflow || __builtin_mul_overflow(out, a, &out);
  }
  if (overflow) out_of_range();
  return out;
}

Value reals(const std::string& op, double a, double b) {
  if (op == "+") return a + b;
  if (op == "-") return a - b;
  if (op == "*") return a * b;
  if (op == "**") return std::pow(a, b);
  if (b == 0) throw ValueError(Message::tr("division by zero"));
  if (op == "/") return a / b;
  const double quotient = std::floor(a / b);
  return op == "//" ? quotient : a - b * quotient;
}

void check_text(std::size_t size) {
  if (size > kMostText) throw ValueError("a text grows larger than " + std::to_string(kMostText) + " bytes");
}

void check_list(std::size_t size, Budget& budget) {
  if (size > kMostElements) throw ValueError("a list grows longer than " + std::to_string(kMostElements));
  budget.make(size * sizeof(Value));
}

Value repeated(const Value& value, std::int64_t times, Budget& budget) {
  times = std::max<std::int64_t>(times, 0);
  const std::size_t size = size_of(value);
  if (size > 0 && static_cast<std::uint64_t>(times) > kMostText / size) check_text(kMostText + 1);
  if (size == 0) return value;
  if (value.is_string()) {
    std::string out;
    for (std::int64_t i = 0; i < times; ++i) out += value.string();
    budget.make(out.size());
    return out;
  }
  check_list(size * static_cast<std::size_t>(times), budget);
  List out;
  for (std::int64_t i = 0; i < times; ++i) out.insert(out.end(), value.list().begin(), value.list().end());
  return out;
}

/// Python's bounds of a slice: where it starts, and how many elements it takes.
struct Range {
  std::int64_t start, step, count;
};

Range range_of(std::int64_t size, const Value* begin, const Value* end, const Value* step) {
  const auto given = [](const Value* v) { return v != nullptr && !v->is_none(); };
  const std::int64_t by = given(step) ? step->integer() : 1;
  if (by == 0) throw ValueError("the step of a slice is zero");
  const std::int64_t low = by > 0 ? 0 : -1, high = by > 0 ? size : size - 1;
  const auto bound = [&](const Value* v, std::int64_t absent) {
    if (!given(v)) return absent;
    const std::int64_t at = v->integer();
    return std::clamp(at < 0 ? std::max<std::int64_t>(at + size, -1 - (by > 0 ? -1 : 0)) : at, low, high);
  };
  const std::int64_t from = bound(begin, by > 0 ? low : high), to = bound(end, by > 0 ? high : low);
  const std::int64_t distance = by > 0 ? to - from : from - to;
  const std::uint64_t stride = by > 0 ? static_cast<std::uint64_t>(by) : 0 - static_cast<std::uint64_t>(by);
  const std::uint64_t count = distance <= 0 ? 0 : (static_cast<std::uint64_t>(distance) - 1) / stride + 1;
  return {from, by, static_cast<std::int64_t>(count)};
}

}  // namespace

Value arithmetic(const std::string& op, const Value& a, const Value& b, Budget& budget) {
  if (op == "~" || (op == "+" && a.is_string() && b.is_string())) {
    std::string out = to_text(a);
    out += to_text(b);
    check_text(out.size());
    budget.make(out.size());
    return out;
  }
  require_defined(a);
  require_defined(b);
  if (a.is_number() && b.is_number()) {
    if (a.is<double>() || b.is<double>()) return reals(op, a.number(), b.number());
    return integers(op, a.integer(), b.integer());
  }
  if (op == "+" && a.is_list() && b.is_list()) {
    check_list(a.list().size() + b.list().size(), budget);
    List out = a.list();
    out.insert(out.end(), b.list().begin(), b.list().end());
    return out;
  }
  const auto sequence = [](const Value& v) { return v.is_string() || v.is_list(); };
  if (op == "*" && sequence(a) && b.is_integer()) return repeated(a, b.integer(), budget);
  if (op == "*" && sequence(b) && a.is_integer()) return repeated(b, a.integer(), budget);
  throw ValueError("\"" + op + "\" is not supported between " + type_name(a) + " and " + type_name(b));
}

Value slice(const Value& value, const Value* begin, const Value* end, const Value* step, Budget& budget) {
  require_defined(value);
  if (!value.is_list() && !value.is_string()) throw ValueError(type_name(value) + " cannot be sliced");
  budget.make(size_of(value) * sizeof(Value));
  const auto characters = value.is_string() ? characters_of(value.string()) : std::vector<std::string_view>();
  const auto size = static_cast<std::int64_t>(value.is_string() ? characters.size() : value.list().size());
  const Range range = range_of(size, begin, end, step);
  std::string text;
  List list;
  for (std::int64_t i = 0, at = range.start; i < range.count; ++i, at += i < range.count ? range.step : 0) {
    if (value.is_string()) {
      text += characters[static_cast<std::size_t>(at)];
    } else {
      list.push_back(value.list()[static_cast<std::size_t>(at)]);
    }
  }
  return value.is_string() ? Value(std::move(text)) : Value(std::move(list));
}

}  // namespace bandscope::text::jinja
