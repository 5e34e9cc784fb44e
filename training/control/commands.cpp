// SPDX-License-Identifier: Apache-2.0
#include "training/control/commands.h"

namespace bandscope::control {

bool CommandQueue::push(const Order& order) {
  {
    const std::lock_guard lock(mutex_);
    if (order.kind == Order::Kind::stop) {
      const bool asked = !orders_.empty() && orders_.front().kind == Order::Kind::stop;
      if (!asked) orders_.push_front(order);
    } else if (orders_.size() >= most_waiting) {
      return false;
    } else {
      orders_.push_back(order);
    }
  }
  arrived_.notify_all();
  return true;
}

std::optional<Order> CommandQueue::pop() {
  const std::lock_guard lock(mutex_);
  if (orders_.empty()) return std::nullopt;
  const Order order = orders_.front();
  orders_.pop_front();
  return order;
}

bool CommandQueue::stop_waits() {
  const std::lock_guard lock(mutex_);
  return !orders_.empty() && orders_.front().kind == Order::Kind::stop;
}

void CommandQueue::wait(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  arrived_.wait_for(lock, time, [this] { return !orders_.empty(); });
}

}  // namespace bandscope::control
