// SPDX-License-Identifier: Apache-2.0
// Functions and variables that every template finds in its environment.
#include <ctime>

#include "training/text/jinja_functions.h"

namespace bandscope::text::jinja {

Value loop_variable(const List& elements, std::size_t i) {
  const auto at = static_cast<std::int64_t>(i), length = static_cast<std::int64_t>(elements.size());
  const auto neighbour = [&](bool there, std::size_t index, const char* name) {
    return there ? elements[index] : Value(Undefined{Message::plain(std::string("the loop has no ") + name + " here")});
  };
  return Dict{{"index", Value(at + 1)},
              {"index0", Value(at)},
              {"revindex", Value(length - at)},
              {"revindex0", Value(length - at - 1)},
              {"first", Value(at == 0)},
              {"last", Value(at + 1 == length)},
              {"length", Value(length)},
              {"previtem", neighbour(at > 0, i - 1, "previtem")},
              {"nextitem", neighbour(at + 1 < length, i + 1, "nextitem")}};
}

Value formatted_time(const CallArguments& given, std::time_t now) {
  given.allow(1, {"format"});
  const Value* format = given.get(0, "format");
  if (format == nullptr) throw ValueError("strftime_now() needs a format");
  const std::string& text = string_argument(*format, "strftime_now");
  std::tm parts{};
  localtime_r(&now, &parts);
  char buffer[512];
  const std::size_t size = std::strftime(buffer, sizeof buffer, text.c_str(), &parts);
  if (size == 0 && !text.empty()) throw ValueError("the format of strftime_now() gives nothing, or too much");
  return std::string(buffer, size);
}

Value range(const CallArguments& given, Budget& budget) {
  given.allow(3, {});
  const auto& p = given.positional;
  if (p.empty()) throw ValueError("range() needs an end");
  const std::int64_t begin = p.size() > 1 ? p[0].integer() : 0, end = p.size() > 1 ? p[1].integer() : p[0].integer();
  const std::int64_t step = p.size() > 2 ? p[2].integer() : 1;
  if (step == 0) throw ValueError("the step of range() is zero");
  List out;
  for (std::int64_t at = begin; step > 0 ? at < end : at > end;) {
    if (out.size() >= 100'000) throw ValueError("range() is longer than 100000");  // the bound of Jinja's sandbox
    out.emplace_back(at);
    if (__builtin_add_overflow(at, step, &at)) break;
  }
  budget.make(out.size() * sizeof(Value));
  return out;
}

}  // namespace bandscope::text::jinja
