// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>

#include "training/text/jinja_functions.h"
#include "training/text/python_regex.h"

namespace bandscope::text::jinja {
namespace {

constexpr std::array kFilters = {
    "trim",          "strip",   "tojson", "length",  "count",      "string",     "default", "d",
    "join",          "upper",   "lower",  "title",   "capitalize", "first",      "last",    "list",
    "items",         "replace", "int",    "float",   "abs",        "safe",       "map",     "select",
    "reject",        "sort",    "unique", "reverse", "selectattr", "rejectattr", "indent",  "dictsort",
    "regex_replace", "round",   "sum",    "min",     "max"};

Value indent_text(const std::string& text, const CallArguments& a) {
  a.allow(3, {"width", "first", "blank"});
  const Value* width = a.get(0, "width");
  const Value* first = a.get(1, "first");
  const Value* blank = a.get(2, "blank");
  std::string margin(4, ' ');
  if (width != nullptr && width->is_string()) {
    margin = width->string();
  } else if (width != nullptr) {
    margin.assign(static_cast<std::size_t>(std::clamp<std::int64_t>(width->integer(), 0, 1000)), ' ');
  }
  const bool on_blank = blank != nullptr && blank->truth();
  std::string out = first != nullptr && first->truth() ? margin : "";
  for (std::size_t at = 0; at < text.size(); ++at) {
    out.push_back(text[at]);
    const bool ends_line = text[at] == '\n';
    const bool next_blank = at + 1 >= text.size() || text[at + 1] == '\n';
    if (ends_line && (on_blank || !next_blank)) out += margin;
    if (out.size() > kMostText) throw ValueError("indent makes a text that is too large");
  }
  return out;
}

Value join(const Value& input, const CallArguments& a, Budget& budget) {
  a.allow(2, {"d", "attribute"});
  const Value* separator = a.get(0, "d");
  const Value* key = a.get(1, "attribute");
  std::string out;
  bool first = true;
  for (const Value& entry : iterate(input, budget)) {
    if (!std::exchange(first, false) && separator != nullptr) out += string_argument(*separator, "join");
    budget.bytes(size_of(entry));
    out += to_text(key != nullptr ? attribute(entry, string_argument(*key, "join"), budget) : entry);
    if (out.size() > kMostText) throw ValueError("join makes a text that is too large");
  }
  return out;
}

Value map(const Value& input, const CallArguments& a, Budget& budget) {
  List out;
  if (const Value* key = a.get(~std::size_t{0}, "attribute")) {
    a.allow(0, {"attribute", "default"});
    const Value* otherwise = a.get(~std::size_t{0}, "default");
    for (const Value& entry : iterate(input, budget)) {
      Value found = attribute(entry, string_argument(*key, "map"), budget);
      out.push_back(found.is_undefined() && otherwise != nullptr ? *otherwise : std::move(found));
    }
    return out;
  }
  if (a.positional.empty()) throw ValueError("map needs the name of a filter, or attribute=");
  const std::string& filter = string_argument(a.positional[0], "map");
  if (!is_filter(filter) || filter == "map") throw ValueError("the filter \"" + filter + "\" is not supported in map");
  CallArguments rest{{a.positional.begin() + 1, a.positional.end()}, a.named};
  for (const Value& entry : iterate(input, budget)) out.push_back(apply_filter(filter, entry, rest, budget));
  return out;
}

/// select, reject, selectattr, rejectattr: the elements for which a test holds, or does not.
Value select(const Value& input, const CallArguments& a, bool keep, bool by_attribute, Budget& budget) {
  a.allow(8, {});
  const std::size_t skip = by_attribute ? 1 : 0;
  if (a.positional.size() < skip) throw ValueError("selectattr needs the name of an attribute");
  std::string test;
  CallArguments rest;
  if (a.positional.size() > skip) {
    test = string_argument(a.positional[skip], "select");
    if (!is_test(test)) throw ValueError(Message::tr("the test \"%1\" is not supported", test));
    rest.positional.assign(a.positional.begin() + static_cast<std::ptrdiff_t>(skip) + 1, a.positional.end());
  }
  List out;
  for (const Value& entry : iterate(input, budget)) {
    const Value tested =
        by_attribute ? attribute(entry, string_argument(a.positional[0], "selectattr"), budget) : entry;
    const bool holds = test.empty() ? tested.truth() : apply_test(test, tested, rest, budget);
    if (holds == keep) out.push_back(entry);
  }
  return out;
}

Value sort(const Value& input, const CallArguments& a, Budget& budget) {
  a.allow(3, {"reverse", "case_sensitive", "attribute"});
  const Value* reverse = a.get(0, "reverse");
  const Value* exact = a.get(1, "case_sensitive");
  const Value* key = a.get(2, "attribute");
  const bool folds = exact == nullptr || !exact->truth();
  const auto key_of = [&](const Value& entry) {
    Value by = key != nullptr ? attribute(entry, string_argument(*key, "sort"), budget) : entry;
    if (!folds || !by.is_string()) return by;
    budget.look_up(by.string().size());
    budget.make(by.string().size());
    return Value(lower(by.string()));
  };
  const List elements = iterate(input, budget);
  std::vector<std::pair<Value, Value>> keyed;
  for (const Value& entry : elements) {
    budget.step();
    keyed.emplace_back(key_of(entry), entry);
  }
  const bool down = reverse != nullptr && reverse->truth();
  std::stable_sort(keyed.begin(), keyed.end(), [&](const auto& x, const auto& y) {
    budget.step();
    return down ? compare(y.first, x.first, budget) < 0 : compare(x.first, y.first, budget) < 0;
  });
  List out;
  for (auto& entry : keyed) out.push_back(std::move(entry.second));
  return out;
}

Value unique(const Value& input, Budget& budget) {
  List out;
  for (const Value& entry : iterate(input, budget)) {
    const bool known =
        std::any_of(out.begin(), out.end(), [&](const Value& other) { return equal(entry, other, budget); });
    if (!known) out.push_back(entry);
  }
  return out;
}

Value reversed(const Value& input, Budget& budget) {
  List out = iterate(input, budget);
  std::reverse(out.begin(), out.end());
  if (!input.is_string()) return out;
  return join(Value(std::move(out)), {}, budget);
}

Value pairs_of(const Value& input, bool sorted, Budget& budget) {
  if (input.is_undefined()) return List{};
  if (!input.is_dict()) throw ValueError("a dict is needed, not " + type_name(input));
  Dict dict = input.dict();
  budget.make(dict.size() * 4 * sizeof(Value));
  if (sorted) {
    std::stable_sort(dict.begin(), dict.end(), [&](const auto& a, const auto& b) {
      budget.step(2);
      budget.look_up(a.first.size() + b.first.size());
      return lower(a.first) < lower(b.first);
    });
  }
  List out;
  for (auto& [key, value] : dict) out.emplace_back(List{Value(key), value});
  return out;
}

Value end_of(const Value& input, bool first, Budget& budget) {
  const List elements = iterate(input, budget);
  if (elements.empty())
    return Undefined{
        Message::plain(std::string("the ") + (first ? "first" : "last") + " element of nothing is undefined")};
  return first ? elements.front() : elements.back();
}

/// Python's re.sub(pattern, replacement, text), as lm-evaluation-harness offers it to task files.
Value regex_replaced(const std::string& text, const CallArguments& a, Budget& budget) {
  a.allow(3, {"pattern", "repl", "count"});
  const Value* pattern = a.get(0, "pattern");
  const Value* replacement = a.get(1, "repl");
  const Value* most = a.get(2, "count");
  if (pattern == nullptr || replacement == nullptr) throw ValueError("regex_replace needs a pattern and a replacement");
  budget.step(100);
  budget.search(text.size(), string_argument(*pattern, "regex_replace").size());
  try {
    std::string out =
        PythonRegex(string_argument(*pattern, "regex_replace"), "regex_replace")
            .replace_all(text, string_argument(*replacement, "regex_replace"), most != nullptr ? most->integer() : 0);
    if (out.size() > kMostText) throw ValueError("regex_replace makes a text that is too large");
    return out;
  } catch (const DataError& error) {
    throw ValueError(error.message());
  }
}

Value text_filter(const std::string& name, const Value& input, const CallArguments& a, Budget& budget) {
  const std::string text = to_text(input);
  if (name == "trim" || name == "strip") {
    a.allow(1, {"chars"});
    return stripped(text, true, true, name, a, budget);
  }
  if (name == "replace") return call_method(Value(text), "replace", a, budget);
  if (name == "indent") return indent_text(text, a);
  if (name == "regex_replace") return regex_replaced(text, a, budget);
  a.allow(0, {});
  if (name != "string" && name != "safe") budget.look_up(text.size());
  if (name == "upper") return upper(text);
  if (name == "lower") return lower(text);
  if (name == "title") return words_title(text);
  if (name == "capitalize") return capitalize(text);
  return text;  // string, safe
}

}  // namespace

bool is_filter(const std::string& name) {
  return std::any_of(kFilters.begin(), kFilters.end(), [&](const char* known) { return name == known; });
}

Value apply_filter(const std::string& name, const Value& input, const CallArguments& a, Budget& budget) {
  budget.step(1 + static_cast<std::int64_t>(size_of(input) / 64));
  if (name == "default" || name == "d") {
    a.allow(2, {"default_value", "boolean"});
    const Value* otherwise = a.get(0, "default_value");
    const Value* boolean = a.get(1, "boolean");
    const bool missing = input.is_undefined() || (boolean != nullptr && boolean->truth() && !input.truth());
    return !missing ? input : otherwise != nullptr ? *otherwise : Value(std::string());
  }
  if (name == "tojson") return plain_json(input, a);
  if (name == kHtmlJson) return html_json(input, a);
  if (name == "join") return join(input, a, budget);
  if (is_number_filter(name)) return number_filter(name, input, a, budget);
  if (name == "map") return map(input, a, budget);
  if (name == "sort") return sort(input, a, budget);
  if (name == "select" || name == "selectattr") return select(input, a, true, name == "selectattr", budget);
  if (name == "reject" || name == "rejectattr") return select(input, a, false, name == "rejectattr", budget);
  const bool of_values = name == "length" || name == "count" || name == "first" || name == "last" || name == "list" ||
                         name == "items" || name == "dictsort" || name == "abs" || name == "unique" ||
                         name == "reverse";
  if (!of_values) return text_filter(name, input, a, budget);
  a.allow(0, {});
  if (name == "length" || name == "count") return length_of(input);
  if (name == "first" || name == "last") return end_of(input, name == "first", budget);
  if (name == "list") return iterate(input, budget);
  if (name == "items" || name == "dictsort") return pairs_of(input, name == "dictsort", budget);
  if (name == "unique") return unique(input, budget);
  if (name == "reverse") return reversed(input, budget);
  if (input.is<double>()) return std::fabs(input.number());
  const std::int64_t value = input.integer();
  if (value == INT64_MIN) throw ValueError("the number is out of range");
  return value < 0 ? -value : value;
}

}  // namespace bandscope::text::jinja
