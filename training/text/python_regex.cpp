// SPDX-License-Identifier: Apache-2.0
#include "training/text/python_regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <cctype>
#include <functional>

#include "core/error.h"

namespace bandscope::text {
namespace {

constexpr std::uint32_t kMatchLimit = 10'000'000;
constexpr std::uint32_t kHeapLimitKiB = 64 * 1024;

std::string pcre_message(int code) {
  PCRE2_UCHAR text[256];
  pcre2_get_error_message(code, text, sizeof text);
  return reinterpret_cast<const char*>(text);
}

/// Python's \Z is the very end of the text; PCRE2's allows a line break after it.
std::string as_pcre(const std::string& pattern) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    out += pattern[i];
    if (pattern[i] != '\\' || i + 1 >= pattern.size()) continue;
    ++i;
    out += pattern[i] == 'Z' ? 'z' : pattern[i];
  }
  return out;
}

/// Frees what PCRE2 made.
template <class T, void (*release)(T*)>
struct Freed {
  void operator()(T* made) const { release(made); }
};
template <class T, void (*release)(T*)>
using Owned = std::unique_ptr<T, Freed<T, release>>;

/// A part of a replacement: text, then the number of a group (-1: none).
struct Piece {
  std::string text;
  int group = -1;
};

std::vector<Piece> pieces_of(const std::string& replacement, std::uint32_t groups) {
  std::vector<Piece> pieces(1);
  const auto refuse = [&] {
    throw DataError(Message::tr("the replacement \"%1\" names what is no group of the pattern", replacement));
  };
  for (std::size_t i = 0; i < replacement.size(); ++i) {
    const char c = replacement[i];
    if (c != '\\' || i + 1 >= replacement.size()) {
      pieces.back().text += c;
      continue;
    }
    const char next = replacement[++i];
    if (next == 'n' || next == 't' || next == '\\') {
      pieces.back().text += next == 'n' ? '\n' : next == 't' ? '\t' : '\\';
      continue;
    }
    std::string digits;
    if (next == 'g' && i + 1 < replacement.size() && replacement[i + 1] == '<') {
      const std::size_t end = replacement.find('>', i);
      if (end == std::string::npos) refuse();
      digits = replacement.substr(i + 2, end - i - 2);
      i = end;
    } else {
      digits = next;
      if (i + 1 < replacement.size() && std::isdigit(static_cast<unsigned char>(replacement[i + 1])) != 0)
        digits += replacement[++i];
    }
    if (digits.empty() || digits.size() > 2 || digits.find_first_not_of("0123456789") != std::string::npos) refuse();
    pieces.back().group = std::stoi(digits);
    if (static_cast<std::uint32_t>(pieces.back().group) > groups) refuse();
    pieces.emplace_back();
  }
  return pieces;
}

}  // namespace

struct PythonRegex::Code {
  Owned<pcre2_code, pcre2_code_free> compiled;
  Owned<pcre2_match_context, pcre2_match_context_free> limits;
  std::string pattern;
  std::uint32_t groups = 0;

  /// Calls `found` with the bounds of each match and its groups until it says false. After an empty match the next one
  /// is not empty, or lies further on.
  void each(std::string_view text, const std::function<bool(const PCRE2_SIZE*)>& found) const {
    const Owned<pcre2_match_data, pcre2_match_data_free> data(
        pcre2_match_data_create_from_pattern(compiled.get(), nullptr));
    std::size_t at = 0;
    bool advance = false;
    while (at <= text.size()) {
      const int matched = pcre2_match(compiled.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), at,
                                      advance ? PCRE2_NOTEMPTY_ATSTART : 0, data.get(), limits.get());
      if (matched == PCRE2_ERROR_NOMATCH) return;
      if (matched < 0)
        throw DataError(Message::tr("regular expression \"%1\" failed on a text of %2 bytes: %3", pattern, text.size(),
                                    pcre_message(matched)));
      const PCRE2_SIZE* bounds = pcre2_get_ovector_pointer(data.get());
      if (bounds[1] < bounds[0] || bounds[0] < at || !found(bounds)) return;
      advance = bounds[1] == bounds[0];
      at = bounds[1];
    }
  }
  static std::string group(std::string_view text, const PCRE2_SIZE* bounds, std::size_t number) {
    const PCRE2_SIZE begin = bounds[2 * number], end = bounds[2 * number + 1];
    return begin == PCRE2_UNSET || end < begin ? std::string() : std::string(text.substr(begin, end - begin));
  }
};

PythonRegex::PythonRegex(const std::string& pattern, const std::string& where) : code_(std::make_unique<Code>()) {
  const std::string own = as_pcre(pattern);
  const Owned<pcre2_compile_context, pcre2_compile_context_free> context(pcre2_compile_context_create(nullptr));
  pcre2_set_newline(context.get(), PCRE2_NEWLINE_LF);
  int error = 0;
  PCRE2_SIZE offset = 0;
  code_->pattern = pattern;
  code_->compiled.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(own.data()), own.size(),
                                      PCRE2_UTF | PCRE2_UCP | PCRE2_ALT_BSUX | PCRE2_NEVER_BACKSLASH_C, &error, &offset,
                                      context.get()));
  if (!code_->compiled)
    throw DataError(Message::at(
        where, Message::tr("the regular expression \"%1\" is not understood: %2", pattern, pcre_message(error))));
  pcre2_pattern_info(code_->compiled.get(), PCRE2_INFO_CAPTURECOUNT, &code_->groups);
  code_->limits.reset(pcre2_match_context_create(nullptr));
  pcre2_set_match_limit(code_->limits.get(), kMatchLimit);
  pcre2_set_heap_limit(code_->limits.get(), kHeapLimitKiB);
}

PythonRegex::PythonRegex(PythonRegex&&) noexcept = default;
PythonRegex& PythonRegex::operator=(PythonRegex&&) noexcept = default;
PythonRegex::~PythonRegex() = default;

std::vector<std::vector<std::string>> PythonRegex::find_all(std::string_view text) const {
  std::vector<std::vector<std::string>> matches;
  code_->each(text, [&](const PCRE2_SIZE* bounds) {
    auto& groups = matches.emplace_back();
    if (code_->groups == 0) groups.push_back(Code::group(text, bounds, 0));
    for (std::size_t i = 1; i <= code_->groups; ++i) groups.push_back(Code::group(text, bounds, i));
    return true;
  });
  return matches;
}

std::string PythonRegex::replace_all(std::string_view text, const std::string& replacement, std::int64_t most) const {
  const std::vector<Piece> pieces = pieces_of(replacement, code_->groups);
  std::string out;
  std::size_t done = 0;
  std::int64_t count = 0;
  code_->each(text, [&](const PCRE2_SIZE* bounds) {
    out += text.substr(done, bounds[0] - done);
    for (const Piece& piece : pieces) {
      out += piece.text;
      if (piece.group >= 0) out += Code::group(text, bounds, static_cast<std::size_t>(piece.group));
    }
    done = bounds[1];
    return ++count != most;
  });
  return out += text.substr(done);
}

}  // namespace bandscope::text
