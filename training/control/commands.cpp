// SPDX-License-Identifier: Apache-2.0
#include "training/control/commands.h"

namespace bandscope {

void CommandQueue::push(Command command) {
  {
    const std::lock_guard lock(mutex_);
    commands_.push_back(command);
  }
  arrived_.notify_all();
}

std::optional<Command> CommandQueue::pop() {
  const std::lock_guard lock(mutex_);
  if (commands_.empty()) return std::nullopt;
  const Command command = commands_.front();
  commands_.pop_front();
  return command;
}

void CommandQueue::wait(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  arrived_.wait_for(lock, time, [this] { return !commands_.empty(); });
}

}  // namespace bandscope
