// SPDX-License-Identifier: Apache-2.0
#include "training/text/jinja_lexer.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <string_view>

#include "training/text/jinja_limits.h"
#include "training/text/jinja_value.h"
#include "training/text/utf8.h"

namespace bandscope::text::jinja {
namespace {

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool begins_name(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

constexpr std::string_view kOperators[] = {"==", "!=", "<=", ">=", "//", "**", "+", "-", "*", "/", "%", "~", "<",
                                           ">",  "=",  "(",  ")",  "[",  "]",  "{", "}", ",", ".", ":", "|", ";"};

class Lexer {
 public:
  Lexer(std::string source, bool trims) : source_(std::move(source)), trims_(trims) {}

  std::vector<Token> run() {
    while (at_ < source_.size()) {
      const std::size_t tag = next_tag();
      put_text(tag);
      if (at_ >= source_.size()) break;
      const char kind = source_[at_ + 1];
      if (kind == '#') {
        comment();
      } else if (kind == '%' && raw()) {
        continue;
      } else {
        this->tag(kind == '{');
      }
    }
    put(TokenKind::end);
    return std::move(tokens_);
  }

 private:
  [[noreturn]] void fail(const std::string& message) const { throw TemplateError(line_, message); }

  bool looking_at(std::string_view text, std::size_t offset = 0) const {
    return source_.compare(std::min(at_ + offset, source_.size()), text.size(), text) == 0;
  }

  void advance(std::size_t count) {
    for (; count > 0 && at_ < source_.size(); --count) line_ += source_[at_++] == '\n';
  }

  void skip_spaces() {
    while (at_ < source_.size() && is_space(source_[at_])) advance(1);
  }

  void put(TokenKind kind, std::string text = {}) { tokens_.push_back({kind, line_, std::move(text)}); }

  std::size_t next_tag() const {
    for (std::size_t at = at_; at + 1 < source_.size(); ++at) {
      if (source_[at] == '{' && (source_[at + 1] == '{' || source_[at + 1] == '%' || source_[at + 1] == '#')) return at;
    }
    return source_.size();
  }

  /// Emits the text up to the tag at `tag`, less the white space that the tag takes away on its left.
  void put_text(std::size_t tag) {
    std::string text = source_.substr(at_, tag - at_);
    if (tag < source_.size())
      trim_left_of_tag(text, source_[tag + 1], tag + 2 < source_.size() ? source_[tag + 2] : ' ');
    if (!text.empty()) put(TokenKind::text, std::move(text));
    advance(tag - at_);
  }

  void trim_left_of_tag(std::string& text, char kind, char sign) const {
    if (sign == '-') {
      while (!text.empty() && is_space(text.back())) text.pop_back();
    } else if (trims_ && sign != '+' && kind != '{') {
      const std::size_t line = text.rfind('\n') + 1;  // npos + 1 is 0
      const bool starts_line = line > 0 || line_starting_;
      if (starts_line && std::all_of(text.begin() + static_cast<std::ptrdiff_t>(line), text.end(), is_space)) {
        text.resize(line);
      }
    }
  }

  /// Takes the end mark of a block or comment ("%}" or "#}") with its sign, and what it trims on its right.
  void finish(std::string_view mark) {
    const bool strip = source_[at_] == '-', keep = source_[at_] == '+';
    advance(mark.size() + (strip || keep ? 1 : 0));
    if (strip) {
      skip_spaces();
    } else if (trims_ && !keep && at_ < source_.size() && source_[at_] == '\n') {
      advance(1);
    }
    line_starting_ = source_[at_ - 1] == '\n';
  }

  void comment() {
    const std::size_t end = source_.find("#}", at_ + 2);
    if (end == std::string::npos) fail("a comment \"{#\" is not closed");
    const char before = end > at_ + 2 ? source_[end - 1] : ' ';
    advance((before == '-' || before == '+' ? end - 1 : end) - at_);
    finish("#}");
  }

  /// {% raw %} … {% endraw %}: text as it stands. False when the tag is another one.
  bool raw() {
    const auto tag_named = [this](std::size_t at, std::string_view name) -> std::size_t {
      at += 2;
      if (at < source_.size() && (source_[at] == '-' || source_[at] == '+')) ++at;
      while (at < source_.size() && is_space(source_[at])) ++at;
      if (source_.compare(std::min(at, source_.size()), name.size(), name) != 0) return 0;
      at += name.size();
      while (at < source_.size() && is_space(source_[at])) ++at;
      const std::size_t mark = at < source_.size() && (source_[at] == '-' || source_[at] == '+') ? at + 1 : at;
      return source_.compare(std::min(mark, source_.size()), 2, "%}") == 0 ? at : 0;
    };
    const std::size_t begin = tag_named(at_, "raw");
    if (begin == 0) return false;
    advance(begin - at_);
    const bool strip = source_[at_] == '-';
    advance(strip ? 3 : (source_[at_] == '+' ? 3 : 2));
    if (strip) skip_spaces();
    for (std::size_t end = source_.find("{%", at_); end != std::string::npos; end = source_.find("{%", end + 1)) {
      const std::size_t mark = tag_named(end, "endraw");
      if (mark == 0) continue;
      line_starting_ = false;
      put_text(end);
      advance(mark - at_);
      finish("%}");
      return true;
    }
    fail("\"raw\" is not closed by \"endraw\"");
  }

  void tag(bool print) {
    put(print ? TokenKind::print_begin : TokenKind::block_begin);
    const std::string_view mark = print ? "}}" : "%}";
    advance(2);
    if (at_ < source_.size() && (source_[at_] == '-' || source_[at_] == '+')) advance(1);
    std::string brackets;
    while (true) {
      skip_spaces();
      if (at_ >= source_.size()) fail(print ? "a print tag \"{{\" is not closed" : "a tag \"{%\" is not closed");
      if (brackets.empty()) {
        const bool sign = source_[at_] == '-' || (source_[at_] == '+' && !print);
        if (looking_at(mark, sign ? 1 : 0)) {
          put(print ? TokenKind::print_end : TokenKind::block_end);
          if (!print) return finish(mark);
          advance(mark.size() + (sign ? 1 : 0));
          if (sign) skip_spaces();
          line_starting_ = source_[at_ - 1] == '\n';
          return;
        }
      }
      token(brackets);
    }
  }

  void token(std::string& brackets) {
    const char c = source_[at_];
    if (c == '\'' || c == '"') return string();
    if (is_digit(c)) return number();
    if (begins_name(c)) {
      std::size_t end = at_;
      while (end < source_.size() && (begins_name(source_[end]) || is_digit(source_[end]))) ++end;
      put(TokenKind::name, source_.substr(at_, end - at_));
      return advance(end - at_);
    }
    for (const std::string_view op : kOperators) {
      if (!looking_at(op)) continue;
      const char last = op[0];
      if (last == '(' || last == '[' || last == '{') {
        brackets.push_back(last == '(' ? ')' : last == '[' ? ']' : '}');
        if (brackets.size() > static_cast<std::size_t>(kDeepestSource)) fail("brackets are nested too deep");
      } else if (last == ')' || last == ']' || last == '}') {
        if (brackets.empty() || brackets.back() != last) fail("\"" + std::string(op) + "\" closes no bracket");
        brackets.pop_back();
      }
      put(TokenKind::op, std::string(op));
      return advance(op.size());
    }
    fail("the character \"" + std::string(1, c) + "\" has no meaning here");
  }

  void number() {
    std::string digits;
    bool real = false;
    std::size_t end = at_;
    const auto take_digits = [&] {
      while (end < source_.size() && (is_digit(source_[end]) || source_[end] == '_')) {
        if (source_[end] != '_') digits.push_back(source_[end]);
        ++end;
      }
    };
    take_digits();
    if (end + 1 < source_.size() && source_[end] == '.' && is_digit(source_[end + 1])) {
      real = true;
      digits.push_back(source_[end++]);
      take_digits();
    }
    if (end + 1 < source_.size() && (source_[end] == 'e' || source_[end] == 'E')) {
      const bool sign = source_[end + 1] == '-' || source_[end + 1] == '+';
      if (end + 1 + sign < source_.size() && is_digit(source_[end + 1 + sign])) {
        real = true;
        digits.append(source_, end, sign ? 2 : 1);
        end += sign ? 2 : 1;
        take_digits();
      }
    }
    Token token{real ? TokenKind::real : TokenKind::integer, line_, source_.substr(at_, end - at_)};
    const char* last = digits.data() + digits.size();
    const auto parsed =
        real ? std::from_chars(digits.data(), last, token.real) : std::from_chars(digits.data(), last, token.integer);
    if (parsed.ec != std::errc() || parsed.ptr != last) fail("the number " + token.text + " is out of range");
    tokens_.push_back(std::move(token));
    advance(end - at_);
  }

  void string() {
    const char quote = source_[at_];
    const int first_line = line_;
    advance(1);
    std::string out;
    while (at_ < source_.size() && source_[at_] != quote) {
      if (source_[at_] == '\\' && at_ + 1 < source_.size()) {
        advance(1);
        escape(out);
      } else {
        out.push_back(source_[at_]);
        advance(1);
      }
    }
    if (at_ >= source_.size()) throw TemplateError(first_line, Message::tr("a string is not closed"));
    advance(1);
    tokens_.push_back({TokenKind::string, first_line, std::move(out)});
  }

  /// Python's escapes; an unknown one keeps its backslash.
  void escape(std::string& out) {
    const char c = source_[at_];
    const auto plain = std::string_view("n\nt\tr\r\\\\'\'\"\"a\ab\bf\fv\v");
    for (std::size_t i = 0; i < plain.size(); i += 2) {
      if (plain[i] != c) continue;
      out.push_back(plain[i + 1]);
      return advance(1);
    }
    if (c == '\n') return advance(1);
    const std::size_t wanted = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (wanted > 0) return code_point(out, at_ + 1, wanted, 16);
    if (c >= '0' && c <= '7') {
      std::size_t digits = 1;
      while (digits < 3 && at_ + digits < source_.size() && source_[at_ + digits] >= '0' &&
             source_[at_ + digits] <= '7') {
        ++digits;
      }
      return code_point(out, at_, digits, 8);
    }
    out += {'\\', c};
    advance(1);
  }

  void code_point(std::string& out, std::size_t from, std::size_t digits, int base) {
    std::uint32_t value = 0;
    const char* begin = source_.data() + from;
    const char* end = source_.data() + std::min(from + digits, source_.size());
    const auto parsed = std::from_chars(begin, end, value, base);
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (parsed.ec != std::errc() || parsed.ptr != begin + digits || value > 0x10FFFF || surrogate) {
      fail("a string has an escape that is no character");
    }
    append_utf8(out, value);
    advance(from + digits - at_);
  }

  std::string source_;
  bool trims_;  ///< trim_blocks and lstrip_blocks
  std::size_t at_ = 0;
  int line_ = 1;
  bool line_starting_ = true;  ///< the text to come begins a line of the template
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> lex(const std::string& source, Dialect dialect) {
  if (source.size() > kMostSource) {
    throw TemplateError(1, Message::tr("the template is larger than %1 bytes", kMostSource));
  }
  std::string text;
  bool after_return = false;
  for (const char c : to_valid_utf8(source)) {
    if (c == '\n' && after_return) {
      after_return = false;
      continue;
    }
    after_return = c == '\r';
    text.push_back(after_return ? '\n' : c);
  }
  if (dialect == Dialect::chat && text.ends_with('\n')) text.pop_back();  // keep_trailing_newline is off
  return Lexer(std::move(text), dialect == Dialect::chat).run();
}

}  // namespace bandscope::text::jinja
