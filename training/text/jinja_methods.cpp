// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "training/text/jinja_functions.h"
#include "training/text/utf8.h"

namespace bandscope::text::jinja {
namespace {

constexpr std::array kStringMethods = {"strip",      "lstrip",       "rstrip",       "split",      "rsplit",
                                       "startswith", "endswith",     "upper",        "lower",      "title",
                                       "capitalize", "replace",      "join",         "splitlines", "find",
                                       "count",      "removeprefix", "removesuffix", "isdigit",    "isspace"};
constexpr std::array kDictMethods = {"items", "keys", "values", "get"};
constexpr std::array kListMethods = {"index", "count"};

template <class Table>
bool among(const Table& table, const std::string& name) {
  return std::any_of(table.begin(), table.end(), [&](const char* known) { return name == known; });
}

/// str.split() without a separator: runs of white space; at most `most` cuts (negative: no bound).
List split_spaces(const std::string& text, std::int64_t most) {
  List out;
  std::size_t begin = 0;
  while (true) {
    std::size_t length = 0;
    while (begin < text.size() && is_white_space(utf8_at(text, begin, length))) begin += length;
    if (begin >= text.size()) return out;
    if (most >= 0 && static_cast<std::int64_t>(out.size()) == most) {
      out.emplace_back(strip(std::string_view(text).substr(begin), false, true, nullptr));
      return out;
    }
    std::size_t end = begin;
    while (end < text.size() && !is_white_space(utf8_at(text, end, length))) end += length;
    out.emplace_back(text.substr(begin, end - begin));
    begin = end;
  }
}

List split_at(const std::string& text, const std::string& separator, std::int64_t most, bool from_right) {
  if (separator.empty()) throw ValueError("split() needs a separator that is not empty");
  List out;
  std::size_t begin = 0, end = text.size();
  while (most < 0 || static_cast<std::int64_t>(out.size()) < most) {
    if (from_right) {
      const std::size_t at = end < separator.size() ? std::string::npos : text.rfind(separator, end - separator.size());
      if (at == std::string::npos) break;
      out.emplace_back(text.substr(at + separator.size(), end - at - separator.size()));
      end = at;
    } else {
      const std::size_t at = text.find(separator, begin);
      if (at == std::string::npos) break;
      out.emplace_back(text.substr(begin, at - begin));
      begin = at + separator.size();
    }
  }
  out.emplace_back(text.substr(begin, end - begin));
  if (from_right) std::reverse(out.begin(), out.end());
  return out;
}

List split_lines(const std::string& text) {
  List out;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = std::min(text.find_first_of("\r\n", begin), text.size());
    out.emplace_back(text.substr(begin, end - begin));
    begin = end + (text.compare(end, 2, "\r\n") == 0 ? 2 : 1);
  }
  return out;
}

bool begins_or_ends(const std::string& text, const Value& what, bool begins, Budget& budget) {
  if (what.is_list()) {  // a tuple of choices
    return std::any_of(what.list().begin(), what.list().end(), [&](const Value& choice) {
      const std::string& part = string_argument(choice, "startswith");
      budget.step();
      budget.bytes(std::min(part.size(), text.size()));
      return begins ? text.starts_with(part) : text.ends_with(part);
    });
  }
  const std::string& part = string_argument(what, begins ? "startswith" : "endswith");
  budget.bytes(std::min(part.size(), text.size()));
  return begins ? text.starts_with(part) : text.ends_with(part);
}

const Value& needed(const CallArguments& arguments, const char* name, const std::string& method) {
  const Value* value = arguments.get(0, name);
  if (value == nullptr) throw ValueError(method + "() needs an argument");
  return *value;
}

std::int64_t count_of(const std::string& text, const std::string& part) {
  if (part.empty()) return length_of(Value(text)) + 1;
  std::int64_t count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++count;
  return count;
}

template <class Class>
bool all_characters(const std::string& text, Class is_of_class) {
  for (std::size_t at = 0, length = 0; at < text.size(); at += length) {
    if (!is_of_class(utf8_at(text, at, length))) return false;
  }
  return !text.empty();
}

Value string_method(const std::string& text, const std::string& name, const CallArguments& a, Budget& budget) {
  const Value* first = a.get(0, "");
  if (name == "strip" || name == "lstrip" || name == "rstrip") {
    a.allow(1, {"chars"});
    return stripped(text, name != "rstrip", name != "lstrip", name, a, budget);
  }
  if (name == "split" || name == "rsplit") {
    a.allow(2, {"sep", "maxsplit"});
    const Value* separator = a.get(0, "sep");
    const Value* most = a.get(1, "maxsplit");
    const std::int64_t cuts = most != nullptr ? most->integer() : -1;
    budget.make(text.size() * sizeof(Value));
    if (separator == nullptr || separator->is_none()) {
      if (name == "rsplit" && cuts >= 0) throw ValueError("rsplit() with maxsplit needs a separator");
      return split_spaces(text, cuts);
    }
    const std::string& part = string_argument(*separator, name);
    budget.search(text.size(), part.size());
    return split_at(text, part, cuts, name == "rsplit");
  }
  if (name == "replace") {
    a.allow(3, {"count"});
    if (a.positional.size() < 2) throw ValueError("replace() needs two strings");
    const Value* most = a.get(2, "count");
    return replace_all(text, string_argument(a.positional[0], name), string_argument(a.positional[1], name),
                       most != nullptr ? most->integer() : -1, budget);
  }
  if (name == "upper" || name == "lower" || name == "title" || name == "capitalize") {
    a.allow(0, {});
    budget.look_up(text.size());
    return name == "upper"   ? upper(text)
           : name == "lower" ? lower(text)
           : name == "title" ? title(text)
                             : capitalize(text);
  }
  if (name == "splitlines") {
    a.allow(0, {});
    budget.make(text.size() * sizeof(Value));
    return split_lines(text);
  }
  if (name == "isdigit" || name == "isspace") {
    a.allow(0, {});
    budget.look_up(text.size());
    return all_characters(text, [&](char32_t c) { return name == "isspace" ? is_white_space(c) : is_numeric(c); });
  }
  if (name == "join") {
    a.allow(1, {});
    return apply_filter("join", needed(a, "", name), {{Value(text)}, {}}, budget);
  }
  a.allow(1, {});
  const Value& what = first != nullptr ? *first : needed(a, "", name);
  if (name == "startswith" || name == "endswith") return begins_or_ends(text, what, name == "startswith", budget);
  const std::string& part = string_argument(what, name);
  if (name == "removeprefix") return text.starts_with(part) ? text.substr(part.size()) : text;
  if (name == "removesuffix") return text.ends_with(part) ? text.substr(0, text.size() - part.size()) : text;
  budget.search(text.size(), part.size());
  if (name == "count") return count_of(text, part);
  const std::size_t at = text.find(part);
  return at == std::string::npos ? Value(std::int64_t{-1}) : Value(length_of(Value(text.substr(0, at))));
}

Value dict_method(const Dict& dict, const std::string& name, const CallArguments& a, Budget& budget) {
  if (name == "get") {
    a.allow(2, {});
    const Value& key = needed(a, "", name);
    const Value* found = key.is_string() ? find(dict, key.string(), budget) : nullptr;
    return found != nullptr ? *found : a.positional.size() > 1 ? a.positional[1] : Value();
  }
  a.allow(0, {});
  List out;
  budget.make(dict.size() * 4 * sizeof(Value));
  for (const auto& [key, value] : dict) {
    out.push_back(name == "keys" ? Value(key) : name == "values" ? value : Value(List{Value(key), value}));
  }
  return out;
}

Value list_method(const List& list, const std::string& name, const CallArguments& a, Budget& budget) {
  a.allow(1, {});
  const Value& what = needed(a, "", name);
  std::int64_t count = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!equal(list[i], what, budget)) continue;
    if (name == "index") return static_cast<std::int64_t>(i);
    ++count;
  }
  if (name == "index") throw ValueError("index() finds no such element in the list");
  return count;
}

}  // namespace

const Value* CallArguments::get(std::size_t place, const char* name) const {
  if (place < positional.size()) return &positional[place];
  for (const auto& [key, value] : named) {
    if (key == name) return &value;
  }
  return nullptr;
}

void CallArguments::allow(std::size_t places, std::initializer_list<const char*> names) const {
  if (positional.size() > places) {
    throw ValueError("takes at most " + std::to_string(places) + " arguments, not " +
                     std::to_string(positional.size()));
  }
  for (const auto& entry : named) {
    if (std::none_of(names.begin(), names.end(), [&](const char* known) { return entry.first == known; })) {
      throw ValueError("the argument \"" + entry.first + "\" is not supported");
    }
  }
}

bool is_method(const Value& self, const std::string& name) {
  if (self.is_string()) return among(kStringMethods, name);
  if (self.is_dict()) return among(kDictMethods, name);
  return self.is_list() && among(kListMethods, name);
}

Value call_method(const Value& self, const std::string& name, const CallArguments& arguments, Budget& budget) {
  budget.step(static_cast<std::int64_t>(size_of(self) / 64));
  if (self.is_string()) return string_method(self.string(), name, arguments, budget);
  if (self.is_dict()) return dict_method(self.dict(), name, arguments, budget);
  return list_method(self.list(), name, arguments, budget);
}

Value attribute(const Value& value, const std::string& name, Budget& budget) {
  require_defined(value);
  if (is_method(value, name)) return Function{name, std::make_shared<const Value>(value)};
  const Value* found = nullptr;
  if (value.is_dict()) found = find(value.dict(), name, budget);
  if (value.is_namespace()) found = find(value.name_space().attributes, name, budget);
  if (found != nullptr) return *found;
  return Undefined{Message::plain("'" + type_name(value) + " object' has no attribute '" + short_name(name) + "'")};
}

Value item(const Value& value, const Value& index, Budget& budget) {
  require_defined(value);
  require_defined(index);
  if (index.is_string() && !value.is_list()) {
    const Value* found = value.is_dict() ? find(value.dict(), index.string(), budget) : nullptr;
    return found != nullptr ? *found : attribute(value, index.string(), budget);
  }
  const bool named = index.is_number() || (index.is_string() && index.string().size() < 60);
  const Undefined missing{
      Message::plain(type_name(value) + " has no element " + (named ? to_repr(index) : "of this " + type_name(index)))};
  if (!index.is_integer() || !(value.is_list() || value.is_string())) return missing;
  if (value.is_string()) budget.decode(2 * value.string().size());
  const std::int64_t size = length_of(value), at = index.integer() < 0 ? index.integer() + size : index.integer();
  if (at < 0 || at >= size) return missing;
  if (value.is_list()) return value.list()[static_cast<std::size_t>(at)];
  const std::string& text = value.string();
  std::size_t begin = 0, length = 0;
  for (std::int64_t i = 0; i <= at; ++i) {
    begin += length;
    utf8_at(text, begin, length);
  }
  return text.substr(begin, length);
}

}  // namespace bandscope::text::jinja
