// SPDX-License-Identifier: Apache-2.0
// Python's operations on strings, by code point.
#include <utf8proc.h>

#include "training/text/jinja_functions.h"
#include "training/text/utf8.h"

namespace bandscope::text::jinja {
namespace {

char32_t upper_of(char32_t c) { return static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(c))); }
char32_t lower_of(char32_t c) { return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c))); }

bool is_letter(char32_t c) {
  const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

/// Letters that become several; of Unicode's SpecialCasing those that are met in texts. utf8proc maps one to one.
void append_upper(std::string& out, char32_t c) {
  struct Several {
    char32_t of;
    std::string_view upper;
  };
  constexpr Several several[] = {{U'\u00DF', "SS"}, {U'\u0149', "\u02BCN"}, {U'\u01F0', "J\u030C"}, {U'\uFB00', "FF"},
                                 {U'\uFB01', "FI"}, {U'\uFB02', "FL"},      {U'\uFB03', "FFI"},     {U'\uFB04', "FFL"},
                                 {U'\uFB05', "ST"}, {U'\uFB06', "ST"}};
  for (const Several& letter : several)
    if (letter.of == c) {
      out += letter.upper;
      return;
    }
  append_utf8(out, upper_of(c));
}

template <class Change>
std::string changed(std::string_view text, Change change) {
  std::string out;
  for (std::size_t at = 0, length = 0; at < text.size(); at += length)
    append_utf8(out, change(utf8_at(text, at, length)));
  return out;
}

}  // namespace

const std::string& string_argument(const Value& value, const std::string& function) {
  require_defined(value);
  if (!value.is_string()) throw ValueError(function + " needs a string, not " + type_name(value));
  return value.string();
}

std::string strip(std::string_view text, bool left, bool right, const std::string* characters) {
  const auto goes = [&](std::size_t at, std::size_t length) {
    std::size_t ignored = 0;
    if (characters == nullptr) {
      const char32_t c = utf8_at(text, at, ignored);
      return is_white_space(c) || (c >= 0x1C && c <= 0x1F);  // Python counts the separators among white space
    }
    return characters->find(text.substr(at, length)) != std::string::npos;
  };
  std::size_t begin = 0, end = text.size();
  for (std::size_t length = 0; left && begin < end; begin += length) {
    utf8_at(text, begin, length);
    if (!goes(begin, length)) break;
  }
  while (right && end > begin) {
    std::size_t at = end - 1;
    while (at > begin && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
    if (!goes(at, end - at)) break;
    end = at;
  }
  return std::string(text.substr(begin, end - begin));
}

std::string stripped(const std::string& text, bool left, bool right, const std::string& function,
                     const CallArguments& arguments, Budget& budget) {
  const Value* characters = arguments.get(0, "chars");
  const bool given = characters != nullptr && !characters->is_none();
  const std::string* set = given ? &string_argument(*characters, function) : nullptr;
  budget.step(static_cast<std::int64_t>(text.size() / 32 + (set ? text.size() * set->size() / 64 : 0)));
  return strip(text, left, right, set);
}

std::string replace_all(const std::string& text, const std::string& from, const std::string& to, std::int64_t most,
                        Budget& budget) {
  budget.search(text.size(), from.size());
  std::string out;
  std::size_t done = 0;
  const auto room = [&] {
    if (out.size() > kMostText) throw ValueError("replace() makes a text larger than " + std::to_string(kMostText));
    return most < 0 || most-- > 0;
  };
  if (from.empty()) {  // between all characters, and at both ends
    std::size_t length = 0;
    for (; room(); done += length) {
      out += to;
      if (done >= text.size()) return out;
      utf8_at(text, done, length);
      out.append(text, done, length);
    }
    return out.append(text, done);
  }
  for (std::size_t at; (at = text.find(from, done)) != std::string::npos && room(); done = at + from.size()) {
    out.append(text, done, at - done).append(to);
  }
  return out.append(text, done);
}

std::string upper(std::string_view text) {
  std::string out;
  for (std::size_t at = 0, length = 0; at < text.size(); at += length) append_upper(out, utf8_at(text, at, length));
  return out;
}
std::string lower(std::string_view text) { return changed(text, lower_of); }

std::string capitalize(std::string_view text) {
  bool first = true;
  return changed(text, [&](char32_t c) { return std::exchange(first, false) ? upper_of(c) : lower_of(c); });
}

std::string title(std::string_view text) {
  bool inside = false;
  return changed(text, [&](char32_t c) {
    const bool begins = !std::exchange(inside, is_letter(c));
    return begins ? upper_of(c) : lower_of(c);
  });
}

std::string words_title(std::string_view text) {
  bool begins = true;
  std::string out;
  for (std::size_t at = 0, length = 0; at < text.size(); at += length) {
    const char32_t c = utf8_at(text, at, length);
    const bool between =
        is_white_space(c) || (c >= 0x1C && c <= 0x1F) || c == U'-' || c == U'(' || c == U'{' || c == U'[' || c == U'<';
    const std::string_view one = text.substr(at, length);
    out += begins ? upper(one) : lower(one);
    begins = between;
  }
  return out;
}

}  // namespace bandscope::text::jinja
