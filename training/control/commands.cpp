// SPDX-License-Identifier: Apache-2.0
#include "training/control/commands.h"

namespace bandscope {

bool CommandQueue::push(Command command) {
  {
    const std::lock_guard lock(mutex_);
    if (command.kind == Command::Kind::stop) {
      const bool asked = !commands_.empty() && commands_.front().kind == Command::Kind::stop;
      if (!asked) commands_.push_front(command);
    } else if (commands_.size() >= most_waiting) {
      return false;
    } else {
      commands_.push_back(command);
    }
  }
  arrived_.notify_all();
  return true;
}

std::optional<Command> CommandQueue::pop() {
  const std::lock_guard lock(mutex_);
  if (commands_.empty()) return std::nullopt;
  const Command command = commands_.front();
  commands_.pop_front();
  return command;
}

bool CommandQueue::stop_waits() {
  const std::lock_guard lock(mutex_);
  return !commands_.empty() && commands_.front().kind == Command::Kind::stop;
}

void CommandQueue::wait(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  arrived_.wait_for(lock, time, [this] { return !commands_.empty(); });
}

}  // namespace bandscope
