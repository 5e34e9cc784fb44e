// SPDX-License-Identifier: Apache-2.0
#include "core/spec/spec_document.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "core/error.h"
#include "core/input/printable.h"
#include "core/input/toml.h"
#include "core/spec/key_rules.h"

namespace bandscope {
namespace {

/// Where a document comes from: its text, and what places in it are called.
class Source {
 public:
  Source(std::string_view text, const std::string& origin, bool with_lines)
      : text_(text), origin_(origin), with_lines_(with_lines) {
    for (std::size_t at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1)) lines_.push_back(at + 1);
  }

  SpecPlace place(const toml::source_position& position) const {
    return {origin_, with_lines_ ? static_cast<int>(position.line) : 0};
  }
  /// The number that is written there; toml++ counts columns in code points.
  std::string_view literal(const toml::source_position& position);

 private:
  std::string_view text_;
  const std::string& origin_;
  bool with_lines_;
  std::vector<std::size_t> lines_{0};  ///< their first bytes
  /// The place that was asked for last: a long list is one line, which is walked once.
  std::size_t line_ = 0, column_ = 1, byte_ = 0;
};

std::string_view Source::literal(const toml::source_position& position) {
  const std::size_t line = std::clamp<std::size_t>(position.line, 1, lines_.size());
  if (line != line_ || position.column < column_) line_ = line, column_ = 1, byte_ = lines_[line - 1];
  for (; column_ < position.column && byte_ < text_.size(); ++column_) {
    for (++byte_; byte_ < text_.size() && (static_cast<unsigned char>(text_[byte_]) & 0xC0) == 0x80;) ++byte_;
  }
  const std::string_view rest = text_.substr(std::min(byte_, text_.size()));
  return rest.substr(0, rest.find_first_not_of("0123456789+-._eE"));
}

/// Whether what reads as 0 is another number, which is too close to 0 for a double; one that is too large is no TOML.
bool vanishes(std::string_view literal) {
  return literal.substr(0, literal.find_first_of("eE")).find_first_of("123456789") != literal.npos;
}

SpecValue convert(const toml::node& node, Source& source) {
  SpecValue value;
  value.place = source.place(node.source().begin);
  if (const auto* boolean = node.as_boolean()) {
    value.data = boolean->get();
  } else if (const auto* integer = node.as_integer()) {
    value.data = integer->get();
  } else if (const auto* number = node.as_floating_point()) {
    value.data = number->get();
    const std::string_view literal = number->get() == 0 ? source.literal(node.source().begin) : std::string_view();
    if (vanishes(literal)) {
      constexpr std::size_t most = 40;
      const std::string given = std::string(literal.substr(0, most)) + (literal.size() > most ? "…" : "");
      value.data = SpecValue::Unsupported{Message::tr("%1, which is too close to 0 for a number", given)};
    }
  } else if (const auto* text = node.as_string()) {
    value.data = text->get();
  } else if (const auto* array = node.as_array()) {
    SpecValue::List list;
    for (const toml::node& element : *array) list.push_back(convert(element, source));
    value.data = std::move(list);
  } else {
    value.data = SpecValue::Unsupported{node.is_table() ? Message::tr("a table") : Message::tr("a date or time")};
  }
  return value;
}

/// An entry and where its key stands, to bring toml++'s alphabetical tables back into the file's order.
struct Positioned {
  SpecEntry entry;
  toml::source_position position;
};

void flatten(const toml::table& table, const std::string& prefix, Source& source, std::vector<Positioned>& out) {
  for (const auto& [key, node] : table) {
    const std::string dotted = prefix.empty() ? std::string(key.str()) : prefix + "." + std::string(key.str());
    const toml::source_position position = key.source().begin;
    const SpecPlace place = source.place(position);
    if (const auto* child = node.as_table()) {
      if (child->empty()) {
        out.push_back(
            {{dotted, place, SpecValue{SpecValue::Unsupported{Message::tr("a table")}, place}, true}, position});
      }
      flatten(*child, dotted, source, out);
    } else {
      out.push_back({{dotted, place, convert(node, source), false}, position});
    }
  }
}

SpecDocument flatten(const toml::table& table, const std::string& prefix, Source& source) {
  std::vector<Positioned> found;
  flatten(table, prefix, source, found);
  std::ranges::stable_sort(found, [](const Positioned& a, const Positioned& b) {
    return std::pair(a.position.line, a.position.column) < std::pair(b.position.line, b.position.column);
  });
  SpecDocument document;
  for (Positioned& item : found) document.push_back(std::move(item.entry));
  return document;
}

/// `sweep."a.b"` -> `sweep.a.b`.
std::string without_quotes(std::string_view key) {
  std::string plain;
  for (const char c : key) {
    if (c != '"' && c != '\'' && c != ' ') plain += c;
  }
  return plain;
}

/// A lone value is read as the only key of a document.
std::string as_document(const std::string& value) { return "value = " + value; }

/// The table of as_document(text), or nothing when that is no TOML value.
std::optional<toml::table> parse_value(const std::string& text) {
  try {
    toml::table table = parse_toml(as_document(text));
    if (table.size() == 1) return table;
  } catch (const TomlError&) {
    // A bare word, which the caller takes as a string.
  }
  return std::nullopt;
}

bool takes_text(const std::string& key) {
  const KeyRule* rule = find_rule(key);
  return rule && (rule->key.type == "string" || rule->key.type == "path" || rule->key.type == "choice");
}

}  // namespace

std::string to_string(const SpecPlace& place) {
  return place.line > 0 ? place.origin + ":" + std::to_string(place.line) : place.origin;
}

std::string toml_string(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        quoted += "\\\"";
        break;
      case '\\':
        quoted += "\\\\";
        break;
      case '\n':
        quoted += "\\n";
        break;
      case '\t':
        quoted += "\\t";
        break;
      case '\r':
        quoted += "\\r";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
          constexpr char hex[] = "0123456789ABCDEF";
          quoted += std::string("\\u00") + hex[static_cast<unsigned char>(c) >> 4] + hex[c & 15];
        } else {
          quoted += c;
        }
    }
  }
  return quoted + "\"";
}

std::string toml_number(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  std::string text(buffer, end);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::string to_string(const SpecValue& value) {
  struct Writer {
    std::string operator()(const SpecValue::Unsupported& other) const { return other.kind.english(); }
    std::string operator()(bool boolean) const { return boolean ? "true" : "false"; }
    std::string operator()(std::int64_t integer) const { return std::to_string(integer); }
    std::string operator()(double number) const { return toml_number(number); }
    std::string operator()(const std::string& text) const { return toml_string(text); }
    std::string operator()(const SpecValue::List& list) const {
      std::string text = "[";
      for (const SpecValue& element : list) text += (text.size() > 1 ? ", " : "") + to_string(element);
      return text + "]";
    }
  };
  return std::visit(Writer{}, value.data);
}

Message shown(const SpecValue& value) {
  if (const auto* other = std::get_if<SpecValue::Unsupported>(&value.data)) return other->kind;
  constexpr std::size_t most = 120;
  const std::string text = to_string(value);
  if (text.size() <= most) return Message::plain(printable(text));
  return Message::plain(printable(text.substr(0, most)) + "… (" + std::to_string(text.size()) + " bytes)");
}

SpecDocument read_document(std::string_view toml, const std::string& origin) {
  SpecDocument document;
  try {
    Source source(toml, origin, true);
    document = flatten(parse_toml(toml, origin), "", source);
  } catch (const TomlError& error) {
    throw SpecError(
        Message::at(to_string(SpecPlace{origin, error.line}), Message::tr("this is not TOML: %1", error.message())), "",
        error.line);
  }
  std::map<std::string_view, int> first_lines;
  for (const SpecEntry& entry : document) {
    const auto [first, is_new] = first_lines.emplace(entry.key, entry.place.line);
    if (!is_new) {
      throw SpecError(Message::tr("%1: key \"%2\" %3", to_string(entry.place), entry.key,
                                  Message::tr("is given twice, first in line %1", first->second)),
                      entry.key, entry.place.line);
    }
  }
  return document;
}

void apply_override(SpecDocument& document, const Override& override) {
  const std::string key = without_quotes(override.key);
  constexpr std::size_t most_shown = 200;
  const auto cut = [&](const std::string& given) {
    return printable(given.substr(0, most_shown)) + (given.size() > most_shown ? "…" : "");
  };
  const std::string origin = "--set " + cut(override.key);
  if (key.empty() || key.front() == '.' || key.back() == '.' || key.find("..") != std::string::npos) {
    throw SpecError(Message::tr(
        "--set takes KEY=VALUE with a dotted key, for instance optimizer.learning_rate=1e-6; \"%1\" is no key",
        cut(override.key)));
  }
  std::optional<toml::table> parsed = parse_value(override.value);
  // A run may be called 2024, or true.
  if (parsed && takes_text(key) && !(*parsed)["value"].is_string() && (*parsed)["value"].is_value()) parsed.reset();
  if (!parsed && !override.value.empty() &&
      std::string_view("[{\"'").find(override.value.front()) != std::string::npos) {
    throw SpecError(Message::at(origin, Message::tr("%1 is neither a TOML value nor a bare word", cut(override.value))),
                    key, 0);
  }

  SpecDocument entries;
  const std::string text = as_document(override.value);
  Source source(text, origin, false);
  if (parsed) {
    toml::node& node = *parsed->get("value");
    const auto* table = node.as_table();
    if (table && table->empty()) {
      entries.push_back(
          {key, {origin}, {SpecValue::Unsupported{Message::tr("an empty table"), true}, {origin}}, false});
    } else if (table) {
      entries = flatten(*table, key, source);
    } else {
      entries.push_back({key, {origin}, convert(node, source), false});
    }
  } else {
    entries.push_back({key, {origin}, {override.value, {origin}}, false});
  }

  for (SpecEntry& entry : entries) {
    // In a file an empty section is harmless; who sets one on the command line means something that does not happen.
    if (std::exchange(entry.empty_table, false))
      entry.value.data = SpecValue::Unsupported{Message::tr("an empty table"), true};
    const auto replaced = [&](const SpecEntry& old) {
      return old.key == entry.key || old.key == "sweep." + entry.key ||
             (entry.key == "training.steps" && old.key == "training.epochs") ||
             (entry.key == "training.epochs" && old.key == "training.steps");
    };
    std::erase_if(document, replaced);
    document.push_back(std::move(entry));
  }
}

}  // namespace bandscope
