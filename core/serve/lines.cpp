// SPDX-License-Identifier: Apache-2.0
#include "core/serve/lines.h"

#include <utility>

namespace bandscope::wire {

std::optional<Lines::Line> Lines::next() {
  for (;;) {
    const std::size_t end = waiting_.find('\n', at_);
    if (end == std::string::npos) {
      waiting_.erase(0, std::exchange(at_, 0));
      if (skipping_) {
        waiting_.clear();
        return std::nullopt;
      }
      if (waiting_.size() <= longest_) return std::nullopt;
      skipping_ = true;
      waiting_.clear();
      return Line{{}, true};
    }
    const std::size_t begin = std::exchange(at_, end + 1);
    if (std::exchange(skipping_, false)) continue;
    if (end - begin > longest_) return Line{{}, true};
    return Line{waiting_.substr(begin, end - begin), false};
  }
}

}  // namespace bandscope::wire
