// SPDX-License-Identifier: Apache-2.0
#include "training/text/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <cstdint>

#include "core/error.h"
#include "training/text/utf8.h"

namespace bandscope::text {
namespace {

/// Unicode's White_Space, and Oniguruma's \w, as the inside of a class. PCRE2's \s also holds U+180E, and its \w lacks
/// marks.
constexpr std::string_view kSpaces =
    R"(\x09-\x0D\x20\x85\xA0\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000})";
constexpr std::string_view kWords = R"(\p{L}\p{M}\p{N}\p{Pc})";

/// What Oniguruma, for which tokenizers write their patterns, means by an escape and PCRE2 does not; "" for others.
std::string exact_escape(char kind, bool in_class) {
  constexpr std::string_view hex = "0-9a-fA-F", no_hex = R"(\x00-\x2F\x3A-\x40\x47-\x60\x67-\x{10FFFF})";
  const auto of = [&](std::string_view inside, bool negated) {
    if (in_class) return negated ? std::string() : std::string(inside);
    return (negated ? "[^" : "[") + std::string(inside) + "]";
  };
  switch (kind) {
    case 's':
    case 'S':
      return of(kSpaces, kind == 'S');
    case 'w':
    case 'W':
      return of(kWords, kind == 'W');
    case 'h':
      return of(hex, false);
    case 'H':
      return of(no_hex, false);
    case 'v':
      return R"(\x0B)";
    case 'O':
      return in_class ? "" : "(?s:.)";
    case 'Q':
    case 'E':
      return std::string(1, kind);
    default:
      return "";
  }
}

/// Four hexadecimal digits at `at`.
bool is_code(const std::string& text, std::size_t at) {
  const auto digits = std::string_view(text).substr(std::min(at, text.size()), 4);
  return digits.size() == 4 && digits.find_first_not_of("0123456789abcdefABCDEF") == digits.npos;
}

[[noreturn]] void refuse(const std::string& pattern, const std::string& where, const Message& reason) {
  throw DataError(
      Message::at(where, Message::tr("the regular expression \"%1\" is not understood: %2", pattern, reason)));
}

/// The pattern in PCRE2's words. Throws DataError for what has none there: classes of classes.
std::string translated(const std::string& pattern, const std::string& where) {
  std::string out;
  bool in_class = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    const auto next = [&](std::size_t by) { return i + by < pattern.size() ? pattern[i + by] : '\0'; };
    if (c == '\\' && i + 1 < pattern.size()) {
      const char kind = pattern[++i];
      if (kind == 'u' && is_code(pattern, i + 1)) {
        out += "\\x{" + pattern.substr(i + 1, 4) + "}";
        i += 4;
        continue;
      }
      const std::string exact = exact_escape(kind, in_class);
      out += exact.empty() ? std::string{c, kind} : exact;
      continue;
    }
    if (c == '[' && !in_class) {
      in_class = true;
      out += c;
      if (next(1) == '^') out += pattern[++i];
      if (next(1) == ']') out += pattern[++i];
      continue;
    }
    if (c == '[' && next(1) == ':') {
      const std::size_t end = pattern.find(":]", i);
      if (end != pattern.npos) {
        out += pattern.substr(i, end + 2 - i);
        i = end + 1;
        continue;
      }
    }
    if (in_class && (c == '[' || (c == '&' && next(1) == '&')))
      refuse(pattern, where, Message::tr("classes within classes, and intersections of classes, are not supported"));
    if (c == ']') in_class = false;
    out += c;
    if (in_class) continue;
    if (c == '{' && next(1) == ',') out += '0';
    // In an option, m lets the dot match line ends.
    if (c == '(' && next(1) == '?') {
      std::size_t end = i + 2;
      while (end < pattern.size() && std::string_view("imx-").find(pattern[end]) != std::string_view::npos) ++end;
      if (end > i + 2 && end < pattern.size() && (pattern[end] == ')' || pattern[end] == ':'))
        for (out += '?', i += 2; i < end; ++i) out += pattern[i] == 'm' ? 's' : pattern[i];
      if (i == end) --i;
    }
  }
  return out;
}

std::string pcre_message(int code) {
  PCRE2_UCHAR text[256];
  pcre2_get_error_message(code, text, sizeof text);
  return reinterpret_cast<const char*>(text);
}

/// In Oniguruma's syntax for Ruby, ^ and $ are at every line.
constexpr std::uint32_t kOptions = PCRE2_UTF | PCRE2_UCP | PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C;
constexpr std::uint32_t kMatchLimit = 10'000'000;
constexpr std::size_t kMatchLimitPerByte = 200;  ///< and 10,000: enough to walk a text back once, not to explode
constexpr std::size_t kJitStackStart = std::size_t{32} * 1024;
constexpr std::size_t kJitStackMost = std::size_t{8} * 1024 * 1024;
constexpr std::uint32_t kHeapLimitKiB = 64 * 1024;

/// What a match needs besides the pattern. One per thread: the JIT's stack is mapped memory, dear to make for each
/// text.
struct Scratch {
  pcre2_match_data* data = pcre2_match_data_create(1, nullptr);
  pcre2_match_context* context = pcre2_match_context_create(nullptr);
  pcre2_jit_stack* stack = pcre2_jit_stack_create(kJitStackStart, kJitStackMost, nullptr);

  Scratch() {
    pcre2_set_heap_limit(context, kHeapLimitKiB);
    if (stack != nullptr) pcre2_jit_stack_assign(context, nullptr, stack);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    pcre2_jit_stack_free(stack);
    pcre2_match_context_free(context);
    pcre2_match_data_free(data);
  }
};

const Scratch& thread_scratch() {
  thread_local const Scratch scratch;
  return scratch;
}

}  // namespace

struct Regex::Code {
  pcre2_code* compiled = nullptr;
  std::string pattern;
  ~Code() { pcre2_code_free(compiled); }
};

Regex::Regex(const std::string& pattern, const std::string& where) : code_(std::make_unique<Code>()) {
  const std::string exact = translated(pattern, where);
  int error = 0;
  PCRE2_SIZE offset = 0;
  code_->pattern = pattern;
  code_->compiled =
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(exact.data()), exact.size(), kOptions, &error, &offset, nullptr);
  if (code_->compiled == nullptr) refuse(pattern, where, Message::plain(pcre_message(error)));
  pcre2_jit_compile(code_->compiled, PCRE2_JIT_COMPLETE);  // where it fails, matching is interpreted
}

Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;
Regex::~Regex() = default;

bool Regex::Matches::next(std::pair<std::size_t, std::size_t>& range) {
  const Code& code = *regex_.code_;
  const Scratch& scratch = thread_scratch();
  const auto match = [&](std::uint32_t options) {
    return pcre2_match(code.compiled, reinterpret_cast<PCRE2_SPTR>(text_.data()), text_.size(), at_, options,
                       scratch.data, scratch.context);
  };
  const std::size_t limit = 10'000 + kMatchLimitPerByte * (text_.size() - at_);
  pcre2_set_match_limit(scratch.context, static_cast<std::uint32_t>(std::min<std::size_t>(limit, kMatchLimit)));
  while (at_ < text_.size() || (empty_ && at_ == text_.size())) {
    // The text is known to be valid: checking it again at every match would cost the whole text each time.
    int found = match(PCRE2_NO_UTF_CHECK);
    if (found == PCRE2_ERROR_JIT_STACKLIMIT) found = match(PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT);
    if (found == PCRE2_ERROR_NOMATCH) return false;
    if (found < 0) {
      throw DataError(Message::tr("regular expression \"%1\" failed on a text of %2 bytes: %3", code.pattern,
                                  text_.size(), pcre_message(found)));
    }
    const PCRE2_SIZE* bounds = pcre2_get_ovector_pointer(scratch.data);
    if (bounds[0] < at_ || bounds[1] < bounds[0]) {
      throw DataError(
          Message::tr("regular expression \"%1\" matches backwards, which a tokenizer cannot use", code.pattern));
    }
    const bool follows = bounds[0] == bounds[1] && last_ == bounds[1];
    if (bounds[0] < bounds[1] || (empty_ && !follows)) {
      range = {bounds[0], bounds[1]};
      at_ = bounds[1];
      last_ = at_;
      return true;
    }
    // On from the next character.
    const std::size_t from = empty_ ? at_ : bounds[0];
    if (from >= text_.size()) return false;
    std::size_t length = 0;
    utf8_at(text_, from, length);
    at_ = from + length;
  }
  return false;
}

}  // namespace bandscope::text
