// SPDX-License-Identifier: Apache-2.0
// A stream of bytes cut into lines, of which none can fill the memory.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace bandscope::wire {

class Lines {
 public:
  /// Lines of more than `longest` bytes, without their end, are thrown away as they come.
  explicit Lines(std::size_t longest) : longest_(longest) {}

  struct Line {
    std::string text;  ///< without its end; empty where it was too long
    bool too_long = false;
  };
  void add(std::string_view bytes) { waiting_.append(bytes); }
  /// The next whole line, or the first sign of one that is too long; nothing until then.
  std::optional<Line> next();

 private:
  std::size_t longest_;
  std::string waiting_;
  std::size_t at_ = 0;     ///< where the next line begins in `waiting_`
  bool skipping_ = false;  ///< the rest of a line that was too long comes
};

}  // namespace bandscope::wire
