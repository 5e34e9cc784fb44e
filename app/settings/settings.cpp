// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/settings/settings.h"

#include <utility>

namespace bandscope::app {

void Settings::set(const Preferences& next) {
  if (next == now_) return;
  const Preferences before = std::exchange(now_, next);
  write_preferences(now_);
  Q_EMIT changed(before);
}

void Settings::load() {
  const Preferences before = std::exchange(now_, read_preferences());
  if (now_ != before) Q_EMIT changed(before);
}

}  // namespace bandscope::app
