// SPDX-License-Identifier: Apache-2.0
// A Unicode regular expression as tokenizer.json writes them, in Oniguruma's dialect, matched by PCRE2.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace bandscope::text {

/// Compiled once, usable from several threads.
class Regex {
 public:
  /// Throws DataError, beginning with `where`, when the pattern is not understood.
  Regex(const std::string& pattern, const std::string& where);
  Regex(Regex&&) noexcept;
  Regex& operator=(Regex&&) noexcept;
  ~Regex();

  enum class Empty { passed_over, given };
  /// Walks the matches of one text, left to right, without overlap. Where empty matches are given, one that lies right
  /// behind the match before it is none, as Oniguruma's walk in tokenizers has it.
  class Matches {
   public:
    /// `text` must be valid UTF-8 and outlive the walk.
    Matches(const Regex& regex, std::string_view text, Empty empty = Empty::passed_over)
        : regex_(regex), text_(text), empty_(empty == Empty::given) {}
    /// Byte range [first, second) of the next match; false at the end. Throws DataError when a match costs too much.
    bool next(std::pair<std::size_t, std::size_t>& range);

   private:
    const Regex& regex_;
    std::string_view text_;
    bool empty_;
    std::size_t at_ = 0;
    std::optional<std::size_t> last_;  ///< end of the last match
  };

 private:
  struct Code;
  std::unique_ptr<Code> code_;
};

}  // namespace bandscope::text
