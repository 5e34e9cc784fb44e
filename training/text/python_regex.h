// SPDX-License-Identifier: Apache-2.0
// A regular expression as Python's re module reads and applies it, matched by PCRE2. Task files of
// lm-evaluation-harness are written for that module.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bandscope::text {

class PythonRegex {
 public:
  /// Throws DataError, beginning with `where`, when the pattern is not understood.
  PythonRegex(const std::string& pattern, const std::string& where);
  PythonRegex(PythonRegex&&) noexcept;
  PythonRegex& operator=(PythonRegex&&) noexcept;
  ~PythonRegex();

  /// re.findall(): of each match the texts of its groups, "" where one took no part; without groups the whole match.
  /// `text` must be valid UTF-8. Throws DataError when a match costs too much.
  std::vector<std::vector<std::string>> find_all(std::string_view text) const;
  /// re.sub(); `most` 0: every match. `replacement` may name groups (\1, \g<1>).
  std::string replace_all(std::string_view text, const std::string& replacement, std::int64_t most = 0) const;

 private:
  struct Code;
  std::unique_ptr<Code> code_;
};

}  // namespace bandscope::text
