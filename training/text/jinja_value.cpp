// SPDX-License-Identifier: Apache-2.0
#include "training/text/jinja_value.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "training/text/utf8.h"

namespace bandscope::text::jinja {
namespace {

std::string float_text(double v) {
  if (std::isnan(v)) return "nan";
  if (std::isinf(v)) return v > 0 ? "inf" : "-inf";
  char buffer[40];
  const double size = std::fabs(v);
  const bool plain = size == 0 || (size >= 1e-4 && size < 1e16);
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, v,
                                 plain ? std::chars_format::fixed : std::chars_format::scientific);
  std::string text(buffer, end.ptr);
  if (plain && text.find('.') == std::string::npos) text += ".0";
  return text;
}

std::string quoted(const std::string& text) {
  const char quote = text.find('\'') != std::string::npos && text.find('"') == std::string::npos ? '"' : '\'';
  std::string out(1, quote);
  for (const char c : text) {
    if (c == '\\' || c == quote) {
      out += {'\\', c};
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\x%02x", static_cast<unsigned>(c));
      out += escape;
    } else {
      out.push_back(c);
    }
  }
  return out + quote;
}

std::string json_string(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          char escape[8];
          std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
          out += escape;
        } else {
          out.push_back(c);
        }
    }
  }
  return out + "\"";
}

void check_size(const std::string& out) {
  if (out.size() > kMostText) throw ValueError("a text grows larger than " + std::to_string(kMostText) + " bytes");
}

void check_depth(int depth) {
  if (depth > kDeepestValue) throw ValueError("a value is nested more than " + std::to_string(kDeepestValue) + " deep");
}

void repr(const Value& value, int depth, std::string& out);

void repr_dict(const Dict& dict, int depth, std::string& out) {
  out += "{";
  for (std::size_t i = 0; i < dict.size(); ++i) {
    out += (i > 0 ? ", " : "") + quoted(dict[i].first) + ": ";
    repr(dict[i].second, depth + 1, out);
  }
  out += "}";
}

void repr(const Value& value, int depth, std::string& out) {
  check_depth(depth);
  check_size(out);
  if (value.is_string()) {
    out += quoted(value.string());
  } else if (value.is_list()) {
    out += "[";
    for (std::size_t i = 0; i < value.list().size(); ++i) {
      if (i > 0) out += ", ";
      repr(value.list()[i], depth + 1, out);
    }
    out += "]";
  } else if (value.is_dict()) {
    repr_dict(value.dict(), depth, out);
  } else if (value.is_namespace()) {
    out += "<Namespace ";
    repr_dict(value.name_space().attributes, depth, out);
    out += ">";
  } else if (value.is_undefined()) {
    out += "Undefined";
  } else {
    out += to_text(value);
  }
}

void json_text(const Value& value, int indent, int depth, std::string& out) {
  check_depth(depth);
  check_size(out);
  const auto line = [&](int level) {
    if (indent >= 0) out += "\n" + std::string(static_cast<std::size_t>(indent) * level, ' ');
  };
  const char* comma = indent >= 0 ? "," : ", ";
  if (value.is_list() && !value.list().empty()) {
    out += "[";
    for (std::size_t i = 0; i < value.list().size(); ++i) {
      if (i > 0) out += comma;
      line(depth + 1);
      json_text(value.list()[i], indent, depth + 1, out);
    }
    line(depth);
    out += "]";
  } else if (value.is_dict() && !value.dict().empty()) {
    out += "{";
    for (std::size_t i = 0; i < value.dict().size(); ++i) {
      if (i > 0) out += comma;
      line(depth + 1);
      out += json_string(value.dict()[i].first) + ": ";
      json_text(value.dict()[i].second, indent, depth + 1, out);
    }
    line(depth);
    out += "}";
  } else if (value.is_string()) {
    out += json_string(value.string());
  } else if (value.is_none()) {
    out += "null";
  } else if (value.is<bool>()) {
    out += value.truth() ? "true" : "false";
  } else if (value.is_list() || value.is_dict() || value.is_number()) {
    out += value.is_dict() ? "{}" : to_text(value);  // an empty list prints as [] too
  } else {
    require_defined(value);
    throw ValueError(type_name(value) + " is not JSON serializable");
  }
}

bool equal_to_depth(const Value& a, const Value& b, int depth, Budget& budget) {
  check_depth(depth);
  budget.step();
  if (a.is_number() && b.is_number()) {
    if (!a.is<double>() && !b.is<double>()) return a.integer() == b.integer();
    return a.number() == b.number();
  }
  if (a.is_string() && b.is_string()) {
    budget.bytes(std::min(a.string().size(), b.string().size()));
    return a.string() == b.string();
  }
  const auto same = [&](const auto& x, const auto& y) { return equal_to_depth(x, y, depth + 1, budget); };
  if (a.is_list() && b.is_list()) {
    return std::equal(a.list().begin(), a.list().end(), b.list().begin(), b.list().end(), same);
  }
  if (a.is_dict() && b.is_dict()) {
    return a.dict().size() == b.dict().size() && std::all_of(a.dict().begin(), a.dict().end(), [&](const auto& entry) {
             const Value* other = find(b.dict(), entry.first, budget);
             return other != nullptr && same(entry.second, *other);
           });
  }
  if (a.is_namespace() && b.is_namespace()) return &a.name_space() == &b.name_space();
  return (a.is_none() && b.is_none()) || (a.is_undefined() && b.is_undefined());
}

}  // namespace

Value::Value(List v) {
  int below = 0;
  for (const Value& entry : v) below = std::max(below, entry.depth_);
  nest(below);
  data_ = std::make_shared<const List>(std::move(v));
}

Value::Value(Dict v) {
  int below = 0;
  for (const auto& entry : v) below = std::max(below, entry.second.depth_);
  nest(below);
  data_ = std::make_shared<const Dict>(std::move(v));
}

Value::Value(Function v) {
  nest(v.self ? v.self->depth_ : 0);
  data_ = std::make_shared<const Function>(std::move(v));
}

void Value::nest(int below) {
  check_depth(below);
  depth_ = below + 1;
}

bool Value::truth() const {
  if (is<bool>()) return std::get<bool>(data_);
  if (is_integer()) return std::get<std::int64_t>(data_) != 0;
  if (is<double>()) return std::get<double>(data_) != 0;
  if (is_string()) return !string().empty();
  if (is_list()) return !list().empty();
  if (is_dict()) return !dict().empty();
  return !is_undefined() && !is_none();
}

std::int64_t Value::integer() const {
  if (is<bool>()) return std::get<bool>(data_) ? 1 : 0;
  if (is_integer()) return std::get<std::int64_t>(data_);
  require_defined(*this);
  throw ValueError("an integer is needed, not " + type_name(*this));
}

double Value::number() const { return is<double>() ? std::get<double>(data_) : static_cast<double>(integer()); }

std::string type_name(const Value& value) {
  if (value.is_undefined()) return "an undefined value";
  if (value.is_none()) return "None";
  if (value.is<bool>()) return "bool";
  if (value.is_integer()) return "int";
  if (value.is<double>()) return "float";
  if (value.is_string()) return "str";
  if (value.is_list()) return "list";
  if (value.is_dict()) return "dict";
  return value.is_namespace() ? "namespace" : "function";
}

void require_defined(const Value& value) {
  if (value.is_undefined()) throw ValueError(std::get<Undefined>(value.variant()).what);
}

const Value* find(const Dict& dict, std::string_view key) {
  const auto found = std::find_if(dict.begin(), dict.end(), [&](const auto& entry) { return entry.first == key; });
  return found == dict.end() ? nullptr : &found->second;
}

const Value* find(const Dict& dict, std::string_view key, Budget& budget) {
  budget.entries(dict.size(), key.size());
  return find(dict, key);
}

std::string short_name(std::string_view name) {
  constexpr std::size_t most = 60;
  if (name.size() <= most) return std::string(name);
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;
  return std::string(name.substr(0, end)) + "…";
}

std::string to_text(const Value& value) {
  if (value.is_string()) return value.string();
  if (value.is_undefined()) return "";
  if (value.is_none()) return "None";
  if (value.is<bool>()) return value.truth() ? "True" : "False";
  if (value.is_integer()) return std::to_string(value.integer());
  if (value.is<double>()) return float_text(value.number());
  if (value.is_callable()) throw ValueError("a function cannot be printed, it has to be called");
  return to_repr(value);
}

std::string to_repr(const Value& value) {
  std::string out;
  repr(value, 0, out);
  return out;
}

std::string to_json(const Value& value, int indent) {
  std::string out;
  json_text(value, indent, 0, out);
  return out;
}

bool equal(const Value& a, const Value& b, Budget& budget) { return equal_to_depth(a, b, 0, budget); }

int compare(const Value& a, const Value& b, Budget& budget) {
  require_defined(a);
  require_defined(b);
  if (a.is_number() && b.is_number()) {
    if (!a.is<double>() && !b.is<double>()) {
      const std::int64_t x = a.integer(), y = b.integer();
      return x < y ? -1 : x > y;
    }
    const double x = a.number(), y = b.number();
    return x < y ? -1 : x > y;
  }
  if (a.is_string() && b.is_string()) {
    budget.bytes(std::min(a.string().size(), b.string().size()));
    const int order = a.string().compare(b.string());  // UTF-8 orders as its code points do
    return order < 0 ? -1 : order > 0;
  }
  throw ValueError(type_name(a) + " and " + type_name(b) + " have no order");
}

bool contains(const Value& haystack, const Value& needle, Budget& budget) {
  if (haystack.is_string()) {
    require_defined(needle);
    if (!needle.is_string()) throw ValueError("'in <string>' needs a string on its left, not " + type_name(needle));
    budget.search(haystack.string().size(), needle.string().size());
    return haystack.string().find(needle.string()) != std::string::npos;
  }
  if (haystack.is_dict()) return needle.is_string() && find(haystack.dict(), needle.string(), budget) != nullptr;
  if (haystack.is_list()) {
    return std::any_of(haystack.list().begin(), haystack.list().end(),
                       [&](const Value& entry) { return equal(entry, needle, budget); });
  }
  if (haystack.is_undefined()) return false;
  throw ValueError("'in' needs a list, dict or string on its right, not " + type_name(haystack));
}

List iterate(const Value& value, Budget& budget) {
  budget.make(size_of(value) * sizeof(Value));
  if (value.is_list()) return value.list();
  List out;
  if (value.is_undefined()) return out;
  if (value.is_dict()) {
    for (const auto& entry : value.dict()) out.emplace_back(entry.first);
    return out;
  }
  if (value.is_string()) {
    if (value.string().size() > kMostElements) throw ValueError("a text is too long to be walked by character");
    for (const std::string_view c : characters_of(value.string())) out.emplace_back(std::string(c));
    return out;
  }
  throw ValueError(type_name(value) + " cannot be iterated over");
}

std::int64_t length_of(const Value& value) {
  if (value.is_string()) {
    return std::count_if(value.string().begin(), value.string().end(),
                         [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  }
  if (value.is_list()) return static_cast<std::int64_t>(value.list().size());
  if (value.is_dict()) return static_cast<std::int64_t>(value.dict().size());
  if (value.is_undefined()) return 0;
  throw ValueError(type_name(value) + " has no length");
}

std::size_t size_of(const Value& value) {
  if (value.is_string()) return value.string().size();
  if (value.is_list()) return value.list().size();
  return value.is_dict() ? value.dict().size() : 1;
}

void Budget::step(std::int64_t count) {
  steps_ += count;
  if (steps_ > kMostSteps) throw ValueError(Message::tr("the template takes too many steps"));
}

void Budget::make(std::size_t bytes) {
  made_ += bytes;
  if (made_ > kMostMade) throw ValueError("the template makes more than " + std::to_string(kMostMade) + " bytes");
}

std::vector<std::string_view> characters_of(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0, length = 0; at < text.size(); at += length) {
    utf8_at(text, at, length);
    out.push_back(text.substr(at, length));
  }
  return out;
}

}  // namespace bandscope::text::jinja
