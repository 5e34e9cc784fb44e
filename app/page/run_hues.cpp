// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/run_hues.h"

#include <utility>

namespace bandscope::app {

std::vector<QColor> run_hues(const std::vector<bool>& calibrated, const viz::Theme& theme) {
  std::vector<QColor> hues;
  bool had[2] = {false, false};
  std::size_t further = 0;
  for (const bool with : calibrated) {
    const bool first = !std::exchange(had[with], true);
    hues.push_back(first ? (with ? theme.with_rc : theme.without_rc) : theme.further[further++ % theme.further.size()]);
  }
  return hues;
}

}  // namespace bandscope::app
