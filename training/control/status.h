// SPDX-License-Identifier: Apache-2.0
// What a live run tells those who ask over the control socket.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>

#include "core/schema/live_settings.h"

namespace bandscope::control {

class LiveStatus {
 public:
  struct Values {
    std::string run;
    std::string state = "waiting";  ///< "waiting" | "running" | "paused" | "stopping"
    std::int64_t step = 0, steps = 0;
    std::string phase;                 ///< of the preparation, as in Progress; empty while it trains
    std::int64_t done = 0, total = 0;  ///< of the phase
    LiveSettings settings;
  };
  Values get() const {
    const std::lock_guard lock(mutex_);
    return values_;
  }
  template <class Change>
  void change(const Change& change) {
    const std::lock_guard lock(mutex_);
    change(values_);
  }

 private:
  mutable std::mutex mutex_;
  Values values_;
};

}  // namespace bandscope::control
