// SPDX-License-Identifier: Apache-2.0
// The queue of orders between whoever asks (control socket, signals) and the training loop,
// which looks at it between steps.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

#include "core/schema/orders.h"

namespace bandscope::control {

/// Thread-safe. Bounded, since whoever asks may be faster than the training loop.
class CommandQueue {
 public:
  static constexpr std::size_t most_waiting = 64;
  /// Commands to take between two steps; those that come meanwhile wait for the next time.
  static constexpr int most_at_a_time = 16;
  /// False where too many wait. A stop always finds room, before all others.
  bool push(const Order& order);
  std::optional<Order> pop();
  /// Whether a stop waits, which pop() gives next.
  bool stop_waits();
  /// Waits until there is a command or the time is over.
  void wait(std::chrono::milliseconds time);

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Order> orders_;
};

}  // namespace bandscope::control
