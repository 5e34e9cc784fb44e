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

/// The class that Oniguruma, for which tokenizers write their patterns, means by an escape; "" for other escapes.
std::string exact_class(char kind, bool in_class) {
  const bool spaces = kind == 's' || kind == 'S', words = kind == 'w' || kind == 'W';
  const bool negated = kind == 'S' || kind == 'W';
  if ((!spaces && !words) || (negated && in_class)) return "";
  const std::string inside(spaces ? kSpaces : kWords);
  return in_class ? inside : (negated ? "[^" : "[") + inside + "]";
}

std::string with_exact_classes(const std::string& pattern) {
  std::string out;
  bool in_class = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\\' && i + 1 < pattern.size()) {
      const std::string exact = exact_class(pattern[++i], in_class);
      out += exact.empty() ? std::string{c, pattern[i]} : exact;
      continue;
    }
    if (c == '[' && !in_class) {
      in_class = true;
      out += c;
      if (i + 1 < pattern.size() && pattern[i + 1] == '^') out += pattern[++i];
      if (i + 1 < pattern.size() && pattern[i + 1] == ']') out += pattern[++i];
      continue;
    }
    if (c == ']') in_class = false;
    out += c;
  }
  return out;
}

std::string pcre_message(int code) {
  PCRE2_UCHAR text[256];
  pcre2_get_error_message(code, text, sizeof text);
  return reinterpret_cast<const char*>(text);
}

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
  const std::string exact = with_exact_classes(pattern);
  int error = 0;
  PCRE2_SIZE offset = 0;
  code_->pattern = pattern;
  code_->compiled = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(exact.data()), exact.size(),
                                  PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C, &error, &offset, nullptr);
  if (code_->compiled == nullptr) {
    throw DataError(Message::at(
        where, Message::tr("the regular expression \"%1\" is not understood: %2", pattern, pcre_message(error))));
  }
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
  while (at_ < text_.size()) {
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
    if (bounds[0] < bounds[1]) {
      range = {bounds[0], bounds[1]};
      at_ = bounds[1];
      return true;
    }
    if (bounds[0] >= text_.size()) return false;
    std::size_t length = 0;
    utf8_at(text_, bounds[0], length);
    at_ = bounds[0] + length;
  }
  return false;
}

}  // namespace bandscope::text
