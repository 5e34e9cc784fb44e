// SPDX-License-Identifier: Apache-2.0
#include "training/text/normalizer.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <vector>

#include "training/text/regex.h"
#include "training/text/utf8.h"

namespace bandscope::text {
namespace {

constexpr int kDeepest = 16;             ///< nesting of Sequence
constexpr std::size_t kMostGrowth = 64;  ///< bytes out for a byte in; Unicode's own forms stay below 20

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// One of Unicode's normalisation forms.
class UnicodeForm : public Normalizer {
 public:
  explicit UnicodeForm(int options) : options_(static_cast<utf8proc_option_t>(options | UTF8PROC_STABLE)) {}

  std::string apply(std::string_view text) const override {
    if (is_ascii(text)) return std::string(text);  // every form leaves ASCII as it is
    utf8proc_uint8_t* mapped = nullptr;
    const utf8proc_ssize_t size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                               static_cast<utf8proc_ssize_t>(text.size()), &mapped, options_);
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(mapped, &std::free);
    if (size < 0) throw DataError(Message::tr("text cannot be normalised: %1", utf8proc_errmsg(size)));
    return {reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(size)};
  }

 private:
  utf8proc_option_t options_;
};

class Lowercase : public Normalizer {
 public:
  std::string apply(std::string_view text) const override {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0, length = 0; at < text.size(); at += length) {
      const char32_t c = utf8_at(text, at, length);
      append_utf8(out, static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c))));
      if (c == 0x130) append_utf8(out, 0x307);  // İ is the one letter whose lower case is two code points
    }
    return out;
  }
};

class StripSpaces : public Normalizer {
 public:
  StripSpaces(bool left, bool right) : left_(left), right_(right) {}

  std::string apply(std::string_view text) const override {
    std::size_t begin = text.size(), end = 0;
    for (std::size_t at = 0, length = 0; at < text.size(); at += length) {
      if (is_white_space(utf8_at(text, at, length))) continue;
      begin = std::min(begin, at);
      end = at + length;
    }
    if (begin == text.size() && end == 0) return left_ || right_ ? "" : std::string(text);
    if (!left_) begin = 0;
    if (!right_) end = text.size();
    return std::string(text.substr(begin, end - begin));
  }

  bool keeps_front(std::string_view text) const override {
    std::size_t length = 0;
    return !left_ || text.empty() || !is_white_space(utf8_at(text, 0, length));
  }

 private:
  bool left_, right_;
};

class Prepend : public Normalizer {
 public:
  explicit Prepend(std::string prefix) : prefix_(std::move(prefix)) {}
  std::string apply(std::string_view text) const override {
    return text.empty() ? std::string() : prefix_ + std::string(text);
  }

 private:
  std::string prefix_;
};

class Replace : public Normalizer {
 public:
  explicit Replace(Replacer replacer) : replacer_(std::move(replacer)) {}
  std::string apply(std::string_view text) const override { return replacer_.apply(text); }
  bool keeps_front(std::string_view text) const override { return !replacer_.drops_front(text); }

 private:
  Replacer replacer_;
};

class Sequence : public Normalizer {
 public:
  explicit Sequence(std::vector<std::unique_ptr<Normalizer>> steps) : steps_(std::move(steps)) {}
  std::string apply(std::string_view text) const override {
    std::string out(text);
    for (const auto& step : steps_) {
      out = step->apply(out);
      if (out.size() > kMostGrowth * text.size() + 1024)
        throw DataError(Message::tr("the tokenizer's normalizer makes text grow without bound"));
    }
    return out;
  }

  bool keeps_front(std::string_view text) const override {
    std::string out(text);
    for (const auto& step : steps_) {
      if (!step->keeps_front(out)) return false;
      out = step->apply(out);
    }
    return true;
  }

 private:
  std::vector<std::unique_ptr<Normalizer>> steps_;
};

std::unique_ptr<Normalizer> make(const Json& json, const std::string& where, int depth) {
  const JsonFields fields(json, where);
  const std::string type = fields.type();
  if (type == "NFC") return std::make_unique<UnicodeForm>(UTF8PROC_COMPOSE);
  if (type == "NFD") return std::make_unique<UnicodeForm>(UTF8PROC_DECOMPOSE);
  if (type == "NFKC") return std::make_unique<UnicodeForm>(UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
  if (type == "NFKD") return std::make_unique<UnicodeForm>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT);
  if (type == "Lowercase") return std::make_unique<Lowercase>();
  if (type == "Strip") {
    return std::make_unique<StripSpaces>(fields.flag("strip_left", true), fields.flag("strip_right", true));
  }
  if (type == "Prepend") return std::make_unique<Prepend>(fields.text("prepend"));
  if (type == "Replace") return std::make_unique<Replace>(Replacer(json, where));
  if (type == "Sequence") {
    if (depth >= kDeepest) throw DataError(Message::tr("%1 is nested more than 16 deep", where));
    std::vector<std::unique_ptr<Normalizer>> steps;
    for (const Json& step : fields.list("normalizers"))
      steps.push_back(make(step, fields.at("normalizers"), depth + 1));
    return std::make_unique<Sequence>(std::move(steps));
  }
  throw DataError(Message::tr("%1 of type \"%2\" is not supported; known are %3", where, type,
                              "NFC, NFD, NFKC, NFKD, Lowercase, Strip, Prepend, Replace, Sequence"));
}

}  // namespace

struct Replacer::Impl {
  std::string needle;          ///< when the pattern is a string
  std::optional<Regex> regex;  ///< when it is an expression
  std::string content;
};

Replacer::Replacer(const Json& json, const std::string& where) : impl_(std::make_unique<Impl>()) {
  const JsonFields fields(json, where);
  const JsonFields pattern(fields.child("pattern"), fields.at("pattern"));
  impl_->content = fields.text("content");
  if (pattern.has("Regex")) {
    impl_->regex.emplace(pattern.text("Regex"), pattern.where());
  } else {
    impl_->needle = pattern.text("String");
  }
}

Replacer::Replacer(Replacer&&) noexcept = default;
Replacer::~Replacer() = default;

std::string Replacer::apply(std::string_view text) const {
  std::string out;
  std::size_t done = 0;
  if (impl_->regex) {
    Regex::Matches matches(*impl_->regex, text, Regex::Empty::given);
    for (std::pair<std::size_t, std::size_t> range; matches.next(range); done = range.second) {
      out.append(text.substr(done, range.first - done)).append(impl_->content);
    }
  } else if (!impl_->needle.empty()) {
    for (std::size_t found; (found = text.find(impl_->needle, done)) != std::string_view::npos;
         done = found + impl_->needle.size()) {
      out.append(text.substr(done, found - done)).append(impl_->content);
    }
  }
  return out.append(text.substr(done));
}

bool Replacer::drops_front(std::string_view text) const {
  if (!impl_->content.empty() || text.empty()) return false;
  if (!impl_->regex) return !impl_->needle.empty() && text.starts_with(impl_->needle);
  Regex::Matches matches(*impl_->regex, text);
  std::pair<std::size_t, std::size_t> range;
  return matches.next(range) && range.first == 0 && range.second > 0;
}

std::unique_ptr<Normalizer> make_normalizer(const Json& json, const std::string& where) {
  return json.is_null() ? nullptr : make(json, where, 0);
}

}  // namespace bandscope::text
