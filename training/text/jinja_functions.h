// SPDX-License-Identifier: Apache-2.0
// What chat templates call: filters, tests, methods of values, and functions of the environment.
#pragma once

#include <ctime>
#include <string>
#include <utility>
#include <vector>

#include "training/text/jinja_limits.h"
#include "training/text/jinja_value.h"

namespace bandscope::text::jinja {

/// Evaluated arguments. Each is asked for by place and name; a call with others is refused.
struct CallArguments {
  std::vector<Value> positional;
  std::vector<std::pair<std::string, Value>> named;

  /// The argument at `place` or of that name, or null.
  const Value* get(std::size_t place, const char* name) const;
  /// Throws ValueError when there are more than `places` positional arguments or a name is not one of `names`.
  void allow(std::size_t places, std::initializer_list<const char*> names) const;
};

/// What `tojson` is in a task's template, where no Hugging Face library has put its own in its place.
inline constexpr const char* kHtmlJson = "tojson of Jinja";

bool is_filter(const std::string& name);
bool is_test(const std::string& name);

/// All throw ValueError; sizes and work are charged to `budget`.
Value apply_filter(const std::string& name, const Value& input, const CallArguments& arguments, Budget& budget);
/// Those of them that make numbers, or choose by order: int, float, round, sum, min, max.
bool is_number_filter(const std::string& name);
Value number_filter(const std::string& name, const Value& input, const CallArguments& arguments, Budget& budget);
bool apply_test(const std::string& name, const Value& input, const CallArguments& arguments, Budget& budget);

/// The attribute of a value: a key of a dict, an attribute of a namespace, or a method. Undefined when there is none.
Value attribute(const Value& value, const std::string& name, Budget& budget);
/// value[index] with Python's negative indices; undefined when there is none.
Value item(const Value& value, const Value& index, Budget& budget);

bool is_method(const Value& self, const std::string& name);
Value call_method(const Value& self, const std::string& name, const CallArguments& arguments, Budget& budget);

/// The `loop` of element `i`: index, first, last, previtem …
Value loop_variable(const List& elements, std::size_t i);
/// strftime_now(format), of local time `now`.
Value formatted_time(const CallArguments& given, std::time_t now);
Value range(const CallArguments& given, Budget& budget);
/// tojson of chat templates, as Hugging Face has it: keys and letters as they are.
Value plain_json(const Value& input, const CallArguments& arguments);
/// Jinja's own: keys in order, and a text in ASCII that may stand in HTML.
Value html_json(const Value& input, const CallArguments& arguments);

/// Strips what Python's str.strip() does: white space, or the characters of `characters`.
std::string strip(std::string_view text, bool left, bool right, const std::string* characters);
/// strip(), lstrip() or rstrip() as a method or filter is called: its one argument names the characters.
std::string stripped(const std::string& text, bool left, bool right, const std::string& function,
                     const CallArguments& arguments, Budget& budget);
std::string replace_all(const std::string& text, const std::string& from, const std::string& to, std::int64_t most,
                        Budget& budget);
std::string upper(std::string_view text);
std::string lower(std::string_view text);
/// "Word" for the first character and lower case for the rest.
std::string capitalize(std::string_view text);
/// str.title(): a word begins after whatever is no letter.
std::string title(std::string_view text);
/// Jinja's filter: a word begins after white space, "-" and opening brackets.
std::string words_title(std::string_view text);
/// `text` of a filter or method argument; throws ValueError naming the function when it is no string.
const std::string& string_argument(const Value& value, const std::string& function);

}  // namespace bandscope::text::jinja
