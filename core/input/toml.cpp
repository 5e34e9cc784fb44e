// SPDX-License-Identifier: Apache-2.0
#include "core/input/toml.h"

#include <algorithm>
#include <vector>

#include "core/input/json.h"
#include "core/input/printable.h"

namespace bandscope {

namespace {

/// Line of the first place where dots of keys and open brackets add up to more than kDeepestNesting; 0: nowhere. An
/// estimate from above: a dot of a number counts as one of a key.
class DepthScan {
 public:
  explicit DepthScan(std::string_view text) : text_(text) {}

  int too_deep_line() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"' || c == '\'') {
        skip_string(c);
        continue;
      }
      if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
        continue;
      }
      take(c);
      if (total_ > kDeepestNesting) return line_;
      ++at_;
    }
    return 0;
  }

 private:
  void take(char c) {
    if (c == '.') {
      ++dots_.back();
      ++total_;
    } else if (c == '[' || c == '{') {
      dots_.push_back(0);
      ++total_;
    } else if (c == ']' || c == '}') {
      forget_dots();
      if (dots_.size() > 1) {
        dots_.pop_back();
        --total_;
      }
    } else if (c == ',' || (c == '\n' && dots_.size() == 1)) {
      forget_dots();
    }
    if (c == '\n') ++line_;
  }

  void forget_dots() {
    total_ -= dots_.back();
    dots_.back() = 0;
  }

  void skip_string(char quote) {
    const std::string triple(3, quote);
    const bool many_lines = text_.substr(at_, 3) == triple;
    at_ += many_lines ? 3 : 1;
    while (at_ < text_.size()) {
      if (quote == '"' && text_[at_] == '\\') {
        at_ += 2;
        continue;
      }
      if (many_lines ? text_.substr(at_, 3) == triple : text_[at_] == quote || text_[at_] == '\n') {
        at_ += many_lines ? 3 : text_[at_] == '\n' ? 0 : 1;
        return;
      }
      line_ += text_[at_++] == '\n';
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
  int total_ = 0;
  std::vector<int> dots_{0};  ///< dots of the present key on every level of brackets
};

}  // namespace

toml::table parse_toml(std::string_view text, std::string_view origin) {
  if (text.size() > kMostTomlBytes) throw TomlError(Message::tr("longer than %1 MiB", kMostTomlBytes >> 20), 1);
  if (const int line = DepthScan(text).too_deep_line(); line > 0)
    throw TomlError(Message::tr("nested more than %1 deep", kDeepestNesting), line);
  try {
    return toml::parse(text, origin);
  } catch (const toml::parse_error& error) {
    throw TomlError(Message::plain(printable(error.description())), static_cast<int>(error.source().begin.line));
  }
}

}  // namespace bandscope
