// SPDX-License-Identifier: Apache-2.0
#include "core/input/json.h"

#include "core/error.h"
#include "core/input/printable.h"

namespace bandscope {

namespace {

/// Byte at which brackets outside of strings nest too deep; npos: nowhere.
std::size_t too_deep_at(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kDeepestNesting) return i;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return std::string_view::npos;
}

/// With `null` for Python's words of numbers that JSON does not have.
std::string without_python_numbers(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  bool quoted = false;
  while (!text.empty()) {
    std::size_t taken = 1;
    if (quoted) {
      if (text[0] == '\\' && text.size() > 1)
        taken = 2;
      else if (text[0] == '"')
        quoted = false;
    } else if (text[0] == '"') {
      quoted = true;
    } else {
      for (const std::string_view word : {"-Infinity", "Infinity", "NaN"}) {
        if (!text.starts_with(word)) continue;
        plain += "null";
        text.remove_prefix(word.size());
        taken = 0;
        break;
      }
    }
    plain += text.substr(0, taken);
    text.remove_prefix(taken);
  }
  return plain;
}

/// " at line 3, column 7" of the first `number` of `text` that stands outside of strings.
std::string place_of(std::string_view number, std::string_view text) {
  bool quoted = false;
  std::size_t line = 1, line_begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') ++line, line_begin = i + 1;
    if (text[i] == '"') quoted = !quoted;
    if (quoted && text[i] == '\\') ++i;
    if (!quoted && text.substr(i, number.size()) == number)
      return " at line " + std::to_string(line) + ", column " + std::to_string(i - line_begin + 1);
  }
  return {};
}

/// nlohmann's messages start with "[json.exception.parse_error.101] parse error at line 1, column 7: "; people need
/// the place and the reason.
std::string reason_of(const nlohmann::json::exception& error, std::string_view json) {
  std::string text = error.what();
  if (const std::size_t end = text.find("] "); end != std::string::npos) text.erase(0, end + 2);
  // Only of a number that is too large the place is missing.
  constexpr std::string_view overflow = "number overflow parsing '";
  if (text.starts_with(overflow) && text.ends_with('\''))
    text += place_of(std::string_view(text).substr(overflow.size(), text.size() - overflow.size() - 1), json);
  return printable(text);
}

DataError at_origin(const std::string& origin, Message problem) {
  return DataError(origin.empty() ? std::move(problem) : Message::at(origin, std::move(problem)));
}

template <typename Json>
Json parse(std::string_view text, const std::string& origin) {
  if (const std::size_t at = too_deep_at(text); at != std::string_view::npos)
    throw at_origin(origin, Message::tr("nested more than %1 deep at byte %2", kDeepestNesting, at));
  try {
    return Json::parse(text);
  } catch (const nlohmann::json::exception& error) {
    throw at_origin(origin, Message::tr("not valid JSON (%1)", reason_of(error, text)));
  }
}

template <typename Json>
std::optional<Json> attempt(std::string_view text) {
  if (too_deep_at(text) != std::string_view::npos) return std::nullopt;
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return std::nullopt;
  return json;
}

}  // namespace

nlohmann::json parse_json(std::string_view text, const std::string& origin, JsonNumbers numbers) {
  if (numbers == JsonNumbers::strict) return parse<nlohmann::json>(text, origin);
  return parse<nlohmann::json>(without_python_numbers(text), origin);
}

nlohmann::ordered_json parse_ordered_json(std::string_view text, const std::string& origin, JsonNumbers numbers) {
  if (numbers == JsonNumbers::python) return parse<nlohmann::ordered_json>(without_python_numbers(text), origin);
  return parse<nlohmann::ordered_json>(text, origin);
}

std::optional<nlohmann::json> try_json(std::string_view text, JsonNumbers numbers) {
  if (numbers == JsonNumbers::python) return attempt<nlohmann::json>(without_python_numbers(text));
  return attempt<nlohmann::json>(text);
}
std::optional<nlohmann::ordered_json> try_ordered_json(std::string_view text) {
  return attempt<nlohmann::ordered_json>(text);
}

nlohmann::json read_json(const std::filesystem::path& file, std::uint64_t most_bytes, JsonNumbers numbers) {
  return parse_json(read_file(file, most_bytes), file.string(), numbers);
}

Message type_of(const nlohmann::json& value) {
  if (value.is_array()) return Message::tr("array");
  if (value.is_object()) return Message::tr("object");
  if (value.is_string()) return Message::tr("string");
  if (value.is_number()) return Message::tr("number");
  if (value.is_boolean()) return Message::tr("boolean");
  return Message::tr("null");
}

std::string short_dump(const nlohmann::json& value) {
  constexpr std::size_t most = 80;
  std::string text = printable(value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

}  // namespace bandscope
