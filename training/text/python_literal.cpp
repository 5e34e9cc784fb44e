// SPDX-License-Identifier: Apache-2.0
#include "training/text/python_literal.h"

#include <cctype>
#include <charconv>
#include <cstdint>
#include <string>

#include "core/input/json.h"
#include "training/text/utf8.h"

namespace bandscope::text {
namespace {

using nlohmann::ordered_json;

struct NoLiteral {};

class LiteralReader {
 public:
  explicit LiteralReader(std::string_view text) : text_(text) {}

  ordered_json whole() {
    ordered_json value = this->value(0);
    skip();
    if (at_ != text_.size()) throw NoLiteral();
    return value;
  }

 private:
  void skip() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }
  char peek() {
    skip();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  bool take_word(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  ordered_json value(int depth) {
    if (depth > kDeepestNesting) throw NoLiteral();
    const char c = peek();
    if (c == '[' || c == '(') return list(depth);
    if (c == '{') return dict(depth);
    if (c == '\'' || c == '"') return strings();
    if (take_word("True")) return true;
    if (take_word("False")) return false;
    if (take_word("None")) return nullptr;
    return number();
  }

  ordered_json list(int depth) {
    const char close = text_[at_++] == '[' ? ']' : ')';
    ordered_json out = ordered_json::array();
    bool comma = false;
    while (!take(close)) {
      if (!out.empty() && !comma) throw NoLiteral();
      out.push_back(value(depth + 1));
      comma = take(',');
    }
    // (a) is a in brackets, (a,) is a tuple.
    if (close == ')' && out.size() == 1 && !comma) return ordered_json(out[0]);
    return out;
  }

  ordered_json dict(int depth) {
    ++at_;
    ordered_json out = ordered_json::object();
    bool comma = true;
    while (!take('}')) {
      if (!comma) throw NoLiteral();
      const ordered_json key = value(depth + 1);
      if (!key.is_string() || !take(':')) throw NoLiteral();
      out[key.get<std::string>()] = value(depth + 1);
      comma = take(',');
    }
    return out;
  }

  /// Texts that stand side by side are one.
  ordered_json strings() {
    std::string out;
    while (peek() == '\'' || peek() == '"') string(out);
    return out;
  }

  void string(std::string& out) {
    const char quote = text_[at_++];
    while (true) {
      if (at_ >= text_.size() || text_[at_] == '\n') throw NoLiteral();
      const char c = text_[at_++];
      if (c == quote) return;
      if (c == '\\')
        escape(out);
      else
        out += c;
    }
  }

  void escape(std::string& out) {
    if (at_ >= text_.size()) throw NoLiteral();
    const char c = text_[at_++];
    constexpr std::string_view plain = "n\nt\tr\r\\\\'\'\"\"a\ab\bf\fv\v";
    for (std::size_t i = 0; i < plain.size(); i += 2) {
      if (plain[i] != c) continue;
      out += plain[i + 1];
      return;
    }
    const std::size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (digits == 0) {
      out += '\\';
      out += c;
      return;
    }
    std::uint32_t code = 0;
    if (at_ + digits > text_.size()) throw NoLiteral();
    const char* begin = text_.data() + at_;
    const auto parsed = std::from_chars(begin, begin + digits, code, 16);
    if (parsed.ptr != begin + digits || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) throw NoLiteral();
    append_utf8(out, static_cast<char32_t>(code));
    at_ += digits;
  }

  ordered_json number() {
    const bool minus = take('-');
    if (!minus) take('+');
    skip();
    const std::size_t begin = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '.' ||
                                  ((text_[at_] == '+' || text_[at_] == '-') && at_ > begin &&
                                   (text_[at_ - 1] == 'e' || text_[at_ - 1] == 'E'))))
      ++at_;
    const std::string_view digits = text_.substr(begin, at_ - begin);
    const char* end = digits.data() + digits.size();
    std::int64_t whole = 0;
    const bool leading_zero = digits.size() > 1 && digits.find_first_not_of("0123456789") == std::string_view::npos &&
                              digits[0] == '0' && digits.find_first_not_of('0') != std::string_view::npos;
    if (leading_zero) throw NoLiteral();
    if (const auto parsed = std::from_chars(digits.data(), end, whole);
        parsed.ec == std::errc() && parsed.ptr == end && !digits.empty())
      return minus ? -whole : whole;
    double real = 0;
    if (const auto parsed = std::from_chars(digits.data(), end, real);
        parsed.ec == std::errc() && parsed.ptr == end && !digits.empty() && std::isdigit(digits[0]) != 0)
      return minus ? -real : real;
    throw NoLiteral();
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<ordered_json> python_literal(std::string_view text) {
  try {
    return LiteralReader(text).whole();
  } catch (const NoLiteral&) {
    return std::nullopt;
  }
}

}  // namespace bandscope::text
