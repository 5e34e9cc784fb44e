// SPDX-License-Identifier: Apache-2.0
// The two filters called tojson: that of Hugging Face's chat templates, and Jinja's own.
#include <algorithm>
#include <string_view>

#include "training/text/jinja_functions.h"
#include "training/text/utf8.h"

namespace bandscope::text::jinja {
namespace {

/// With the keys of all dicts in order.
Value in_order(const Value& value) {
  if (value.is_list()) {
    List out;
    for (const Value& entry : value.list()) out.push_back(in_order(entry));
    return out;
  }
  if (!value.is_dict()) return value;
  Dict out;
  for (const auto& [key, entry] : value.dict()) out.emplace_back(key, in_order(entry));
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return out;
}

}  // namespace

Value plain_json(const Value& input, const CallArguments& a) {
  a.allow(1, {"indent", "ensure_ascii", "separators", "sort_keys"});
  for (const auto& [name, value] : a.named) {
    if (name != "indent" && !value.is_none() && value.truth())
      throw ValueError("tojson with " + name + " is not supported");
  }
  const Value* indent = a.get(0, "indent");
  const bool given = indent != nullptr && !indent->is_none();
  return to_json(input, given ? static_cast<int>(std::clamp<std::int64_t>(indent->integer(), 0, 16)) : -1);
}

Value html_json(const Value& input, const CallArguments& a) {
  a.allow(1, {"indent"});
  const Value* indent = a.get(0, "indent");
  const bool given = indent != nullptr && !indent->is_none();
  const std::string text =
      to_json(in_order(input), given ? static_cast<int>(std::clamp<std::int64_t>(indent->integer(), 0, 16)) : -1);
  std::string out;
  const auto escaped = [&](char32_t unit) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out += digits[(unit >> shift) & 15U];
  };
  for (std::size_t at = 0, length = 0; at < text.size(); at += length) {
    const char32_t c = utf8_at(text, at, length);
    if (c == U'<' || c == U'>' || c == U'&' || c == U'\'' || (c >= 0x7F && c < 0x10000)) {
      escaped(c);
    } else if (c >= 0x10000) {
      escaped(0xD800 + ((c - 0x10000) >> 10));
      escaped(0xDC00 + ((c - 0x10000) & 0x3FF));
    } else {
      out += static_cast<char>(c);
    }
    if (out.size() > kMostText) throw ValueError("tojson makes a text that is too large");
  }
  return out;
}

}  // namespace bandscope::text::jinja
