// SPDX-License-Identifier: Apache-2.0
#include "training/text/pre_tokenizer.h"

#include <algorithm>
#include <optional>

#include "training/text/regex.h"
#include "training/text/utf8.h"

namespace bandscope::text {
namespace {

constexpr int kDeepest = 16;  ///< nesting of Sequence

/// GPT-2's split, which ByteLevel applies with use_regex.
constexpr const char* kGpt2Pattern = R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

/// A stretch of a word that a pattern matched, or that lies between matches.
struct Stretch {
  std::string_view text;
  bool matched;
};

enum class Behavior { removed, isolated, merged_with_previous, merged_with_next, contiguous };

Behavior behavior_of(const JsonFields& fields) {
  const std::string name = fields.text("behavior");
  if (name == "Removed") return Behavior::removed;
  if (name == "Isolated") return Behavior::isolated;
  if (name == "MergedWithPrevious") return Behavior::merged_with_previous;
  if (name == "MergedWithNext") return Behavior::merged_with_next;
  if (name == "Contiguous") return Behavior::contiguous;
  throw DataError(Message::tr("%1 \"%2\" is not known; allowed are %3", fields.at("behavior"), name,
                              "Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous"));
}

/// Stretches lie side by side in one word, so joining two is taking the view over both.
std::string_view joined(std::string_view a, std::string_view b) { return {a.data(), a.size() + b.size()}; }

/// As tokenizers joins them (NormalizedString::split), empty matches too; what is empty in the end is no word.
void put_stretches(std::vector<Stretch> stretches, Behavior behavior, std::vector<std::string_view>& out) {
  const auto joining = [&](bool (*joins)(bool matched, bool previous), bool backwards) {
    if (backwards) std::ranges::reverse(stretches);
    std::vector<Stretch> joint;
    bool previous = false;
    for (const Stretch& s : stretches) {
      if (!joint.empty() && joins(s.matched, previous)) {
        std::string_view& last = joint.back().text;
        last = backwards ? joined(s.text, last) : joined(last, s.text);
      } else {
        joint.push_back(s);
      }
      previous = s.matched;
    }
    if (backwards) std::ranges::reverse(joint);
    stretches = std::move(joint);
  };
  switch (behavior) {
    case Behavior::removed:
      std::erase_if(stretches, [](const Stretch& s) { return s.matched; });
      break;
    case Behavior::isolated:
      break;
    case Behavior::merged_with_previous:
      joining([](bool matched, bool previous) { return matched && !previous; }, false);
      break;
    case Behavior::merged_with_next:
      joining([](bool matched, bool previous) { return matched && !previous; }, true);
      break;
    case Behavior::contiguous:
      joining([](bool matched, bool previous) { return matched == previous; }, false);
      break;
  }
  for (const Stretch& s : stretches)
    if (!s.text.empty()) out.push_back(s.text);
}

/// A pattern, written as an expression or as plain text.
class Pattern {
 public:
  explicit Pattern(const char* expression) : regex_(std::in_place, expression, "ByteLevel") {}
  explicit Pattern(const JsonFields& fields) {
    if (fields.has("Regex")) {
      regex_.emplace(fields.text("Regex"), fields.where());
    } else {
      needle_ = fields.text("String");
    }
  }

  void stretches(std::string_view word, bool invert, std::vector<Stretch>& out) const {
    out.clear();
    std::size_t done = 0;
    const auto put = [&](std::size_t begin, std::size_t end) {
      if (begin > done) out.push_back({word.substr(done, begin - done), invert});
      out.push_back({word.substr(begin, end - begin), !invert});
      done = end;
    };
    if (regex_) {
      Regex::Matches matches(*regex_, word, Regex::Empty::given);
      for (std::pair<std::size_t, std::size_t> range; matches.next(range);) put(range.first, range.second);
    } else if (!needle_.empty()) {
      for (std::size_t found; (found = word.find(needle_, done)) != std::string_view::npos;) {
        put(found, found + needle_.size());
      }
    }
    if (done < word.size()) out.push_back({word.substr(done), invert});
  }

 private:
  std::optional<Regex> regex_;
  std::string needle_;
};

class Split : public PreTokenizer {
 public:
  Split(Pattern pattern, Behavior behavior, bool invert)
      : pattern_(std::move(pattern)), behavior_(behavior), invert_(invert) {}

  void apply(Words& words) const override {
    std::vector<std::string_view> out;
    std::vector<Stretch> stretches;
    for (const std::string_view word : words.list) {
      pattern_.stretches(word, invert_, stretches);
      put_stretches(stretches, behavior_, out);
    }
    words.list = std::move(out);
  }

 private:
  Pattern pattern_;
  Behavior behavior_;
  bool invert_;
};

class ByteLevel : public PreTokenizer {
 public:
  ByteLevel(bool prefix_space, bool split) : prefix_space_(prefix_space) {
    if (split) split_.emplace(Pattern(kGpt2Pattern), Behavior::isolated, false);
  }

  void apply(Words& words) const override {
    if (prefix_space_) {
      for (std::string_view& word : words.list) {
        if (!word.starts_with(' ')) word = words.owned.emplace_back(" " + std::string(word));
      }
    }
    if (split_) split_->apply(words);
  }
  bool byte_level() const override { return true; }

 private:
  bool prefix_space_;
  std::optional<Split> split_;
};

class Digits : public PreTokenizer {
 public:
  explicit Digits(bool individual) : behavior_(individual ? Behavior::isolated : Behavior::contiguous) {}

  void apply(Words& words) const override {
    std::vector<std::string_view> out;
    std::vector<Stretch> stretches;
    for (const std::string_view word : words.list) {
      stretches.clear();
      for (std::size_t at = 0, length = 0; at < word.size(); at += length) {
        const bool digit = is_numeric(utf8_at(word, at, length));
        if (!digit && !stretches.empty() && !stretches.back().matched) {
          stretches.back().text = joined(stretches.back().text, word.substr(at, length));
        } else {
          stretches.push_back({word.substr(at, length), digit});
        }
      }
      put_stretches(stretches, behavior_, out);
    }
    words.list = std::move(out);
  }

 private:
  Behavior behavior_;
};

class Metaspace : public PreTokenizer {
 public:
  enum class Prepend { always, first, never };

  Metaspace(std::string mark, Prepend prepend, bool split) : mark_(std::move(mark)), prepend_(prepend), split_(split) {}

  void apply(Words& words) const override {
    std::vector<std::string_view> out;
    bool first = words.at_start;
    for (const std::string_view word : words.list) {
      std::string marked;
      for (const char c : word) c == ' ' ? marked.append(mark_) : marked.append(1, c);
      const bool wanted = prepend_ == Prepend::always || (prepend_ == Prepend::first && first);
      if (wanted && !marked.starts_with(mark_)) marked.insert(0, mark_);
      first = false;
      cut(words.owned.emplace_back(std::move(marked)), out);
    }
    words.list = std::move(out);
  }

 private:
  void cut(std::string_view text, std::vector<std::string_view>& out) const {
    std::size_t begin = 0;
    while (split_) {
      const std::size_t next = text.find(mark_, begin + 1);
      if (next == std::string_view::npos) break;
      out.push_back(text.substr(begin, next - begin));
      begin = next;
    }
    if (begin < text.size()) out.push_back(text.substr(begin));
  }

  std::string mark_;
  Prepend prepend_;
  bool split_;
};

class Sequence : public PreTokenizer {
 public:
  explicit Sequence(std::vector<std::unique_ptr<PreTokenizer>> steps) : steps_(std::move(steps)) {}
  void apply(Words& words) const override {
    for (const auto& step : steps_) step->apply(words);
  }
  bool byte_level() const override { return !steps_.empty() && steps_.back()->byte_level(); }

 private:
  std::vector<std::unique_ptr<PreTokenizer>> steps_;
};

std::unique_ptr<PreTokenizer> make_metaspace(const JsonFields& fields) {
  const std::string mark = fields.text("replacement", "\xE2\x96\x81");
  if (mark.empty()) throw DataError(Message::tr("%1 is empty, one character is needed", fields.at("replacement")));
  const std::string scheme = fields.text("prepend_scheme", fields.flag("add_prefix_space", true) ? "always" : "never");
  Metaspace::Prepend prepend;
  if (scheme == "always") {
    prepend = Metaspace::Prepend::always;
  } else if (scheme == "first") {
    prepend = Metaspace::Prepend::first;
  } else if (scheme == "never") {
    prepend = Metaspace::Prepend::never;
  } else {
    throw DataError(Message::tr("%1 \"%2\" is not known; allowed are %3", fields.at("prepend_scheme"), scheme,
                                "always, first, never"));
  }
  return std::make_unique<Metaspace>(mark, prepend, fields.flag("split", true));
}

std::unique_ptr<PreTokenizer> make(const Json& json, const std::string& where, int depth) {
  const JsonFields fields(json, where);
  const std::string type = fields.type();
  if (type == "ByteLevel") {
    return std::make_unique<ByteLevel>(fields.flag("add_prefix_space", true), fields.flag("use_regex", true));
  }
  if (type == "Split") {
    const JsonFields pattern(fields.child("pattern"), fields.at("pattern"));
    return std::make_unique<Split>(Pattern(pattern), behavior_of(fields), fields.flag("invert", false));
  }
  if (type == "Digits") return std::make_unique<Digits>(fields.flag("individual_digits", false));
  if (type == "Metaspace") return make_metaspace(fields);
  if (type == "Sequence") {
    if (depth >= kDeepest) throw DataError(Message::tr("%1 is nested more than 16 deep", where));
    std::vector<std::unique_ptr<PreTokenizer>> steps;
    for (const Json& step : fields.list("pretokenizers")) {
      if (!steps.empty() && steps.back()->byte_level()) {
        throw DataError(Message::at(fields.at("pretokenizers"),
                                    Message::tr("a step after ByteLevel is not supported, it has to be the last")));
      }
      steps.push_back(make(step, fields.at("pretokenizers"), depth + 1));
    }
    return std::make_unique<Sequence>(std::move(steps));
  }
  throw DataError(Message::tr("%1 of type \"%2\" is not supported; known are %3", where, type,
                              "ByteLevel, Split, Digits, Metaspace, Sequence"));
}

}  // namespace

std::unique_ptr<PreTokenizer> make_pre_tokenizer(const Json& json, const std::string& where) {
  return json.is_null() ? nullptr : make(json, where, 0);
}

}  // namespace bandscope::text
