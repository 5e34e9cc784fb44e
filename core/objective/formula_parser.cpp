// SPDX-License-Identifier: Apache-2.0
// Recursive descent over the formula's text, emitting its program in postfix order:
//   sum = product {("+" | "-") product} ; product = signed {("*" | "/") signed} ; signed = "-" signed | "+" signed |
//   power power = atom ["^" signed] ; atom = number | name | name "(" sum {"," sum} ")" | "(" sum ")"
#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/error.h"
#include "core/objective/formula.h"
#include "core/objective/formula_syntax.h"

namespace bandscope {
namespace {

/// Bounds that no formula of use meets and that keep a hostile one from the end of the stack.
constexpr int kDeepest = 200;
constexpr std::size_t kLongest = 10000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool continues_utf8(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::string list_of_names(const auto& entries) {
  std::string names;
  for (const auto& entry : entries) names += (names.empty() ? "" : " ") + std::string(entry.name);
  return names;
}

}  // namespace

Message formula_excerpt(std::string_view text, int character) {
  constexpr std::size_t around = 24;
  const std::size_t at = std::min(static_cast<std::size_t>(std::max(character - 1, 0)), text.size());
  std::size_t from = at > around ? at - around : 0;
  std::size_t to = std::min(text.size(), at + around);
  while (from > 0 && from < text.size() && continues_utf8(text[from])) --from;
  while (to < text.size() && continues_utf8(text[to])) ++to;
  std::string shown = (from > 0 ? "..." : "") + std::string(text.substr(from, at - from)) + " >>> " +
                      std::string(text.substr(at, to - at)) + (to < text.size() ? "..." : "");
  const auto breaks_the_line = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  std::ranges::replace_if(shown, breaks_the_line, ' ');
  return Message::tr("at character %1 (\"%2\")", character, shown);
}

class FormulaParser {
 public:
  explicit FormulaParser(std::string_view text) : text_(text) { formula_.text_ = text; }

  Formula parse() {
    if (text_.size() > kLongest) {
      throw SpecError(Message::tr("the formula has %1 characters; allowed are %2", text_.size(), kLongest));
    }
    sum();
    if (peek() != '\0' || at_ < text_.size()) fail(Message::tr("an operator or the end was expected"));
    return std::move(formula_);
  }

 private:
  using Kind = FormulaInstruction::Kind;

  [[noreturn]] void fail(const Message& complaint) const { fail_at(at_, complaint); }
  [[noreturn]] void fail_at(std::size_t at, const Message& complaint) const {
    throw SpecError(
        Message::tr("the formula is wrong %1: %2", formula_excerpt(text_, static_cast<int>(at) + 1), complaint));
  }

  /// The next character that is no white space; 0 at the end.
  char peek() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
    }
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char c) {
    if (peek() != c || c == '\0') return false;
    ++at_;
    return true;
  }
  void emit(Kind kind, double constant = 0, int index = 0) { formula_.program_.push_back({kind, constant, index}); }

  void sum() {
    if (++depth_ > kDeepest) fail(Message::tr("it is nested more than %1 deep", kDeepest));
    product();
    for (;;) {
      if (take('+')) {
        product();
        emit(Kind::add);
      } else if (take('-')) {
        product();
        emit(Kind::subtract);
      } else {
        break;
      }
    }
    --depth_;
  }

  void product() {
    signed_power();
    for (;;) {
      if (take('*')) {
        if (peek() == '*') fail(Message::tr("a power is written with ^"));
        signed_power();
        emit(Kind::multiply);
      } else if (take('/')) {
        signed_power();
        emit(Kind::divide);
      } else {
        return;
      }
    }
  }

  void signed_power() {
    if (++depth_ > kDeepest) fail(Message::tr("it is nested more than %1 deep", kDeepest));
    if (take('-')) {
      signed_power();
      emit(Kind::negate);
    } else if (take('+')) {
      signed_power();
    } else {
      atom();
      if (take('^')) {
        signed_power();
        emit(Kind::power);
      }
    }
    --depth_;
  }

  void atom() {
    const char c = peek();
    if (take('(')) {
      sum();
      if (!take(')')) fail(Message::tr("\")\" was expected"));
    } else if (is_digit(c) || c == '.') {
      number();
    } else if (is_letter(c)) {
      name();
    } else if (c == '\0' && at_ >= text_.size()) {
      fail(Message::tr("a number, a name or \"(\" was expected, and the formula ends"));
    } else {
      fail(Message::tr("a number, a name or \"(\" was expected"));
    }
  }

  void number() {
    double value = 0;
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc() || !std::isfinite(value)) fail(Message::tr("this is no number that fits"));
    at_ = static_cast<std::size_t>(end - text_.data());
    if (at_ < text_.size() && (is_letter(text_[at_]) || text_[at_] == '.'))
      fail(Message::tr("an operator was expected after a number"));
    emit(Kind::constant, value);
  }

  void name() {
    const std::size_t start = at_;
    while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) ++at_;
    const std::string_view name = text_.substr(start, at_ - start);
    const auto named = [&](const auto& entry) { return entry.name == name; };

    const auto function = std::ranges::find_if(kFormulaFunctions, named);
    if (function != kFormulaFunctions.end()) {
      if (!take('(')) fail(Message::tr("\"%1\" is a function, so \"(\" was expected", name));
      call(static_cast<int>(function - kFormulaFunctions.begin()));
      return;
    }
    if (peek() == '(')
      fail_at(start, Message::tr("there is no such function; there are %1", list_of_names(kFormulaFunctions)));

    const auto variable = std::ranges::find_if(kFormulaVariables, named);
    if (variable != kFormulaVariables.end()) {
      formula_.uses_reference_ |= variable->reference;
      emit(Kind::variable, 0, static_cast<int>(variable - kFormulaVariables.begin()));
      return;
    }
    if (!is_formula_parameter(name))
      fail_at(start, Message::tr("this name is a key of [objective] and cannot be a parameter"));
    auto parameter = std::ranges::find_if(formula_.parameters_, named);
    if (parameter == formula_.parameters_.end()) {
      formula_.parameters_.push_back({std::string(name), static_cast<int>(start) + 1});
      parameter = std::prev(formula_.parameters_.end());
    }
    emit(Kind::parameter, 0, static_cast<int>(parameter - formula_.parameters_.begin()));
  }

  void call(int index) {
    const FormulaFunction& function = kFormulaFunctions[static_cast<std::size_t>(index)];
    for (int argument = 1; argument <= function.arguments(); ++argument) {
      sum();
      const bool last = argument == function.arguments();
      if (!take(last ? ')' : ',')) {
        const Message arguments = function.arguments() == 1 ? Message::tr("%1 argument", function.arguments())
                                                            : Message::tr("%1 arguments", function.arguments());
        fail(Message::tr("\"%1\" takes %2, so \"%3\" was expected", function.name, arguments, last ? ")" : ","));
      }
    }
    emit(Kind::call, 0, index);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  Formula formula_;
};

Formula Formula::parse(std::string_view text) { return FormulaParser(text).parse(); }

}  // namespace bandscope
