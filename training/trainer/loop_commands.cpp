// SPDX-License-Identifier: Apache-2.0
// What is asked of a run while it goes: commands of its control socket, signals, and how all of its processes come to do it.
#include <spdlog/fmt/fmt.h>

#include "training/trainer/loop.h"

namespace bandscope {

void TrainingLoop::apply(const Command& command, std::int64_t step) {
  switch (command.kind) {
    case Command::Kind::pause: paused_ = true; break;
    case Command::Kind::resume: paused_ = false; break;
    case Command::Kind::checkpoint: save_asked_ = true; break;
    case Command::Kind::calibration:
      calibration_.set_enabled(command.enabled);
      status_.change([&](auto& values) { values.calibration = command.enabled; });
      event(step, "rc", command.enabled ? "reward calibration switched on" : "reward calibration switched off");
      break;
    case Command::Kind::momentum:
      calibration_.set_momentum(command.value);
      status_.change([&](auto& values) { values.momentum = command.value; });
      event(step, "momentum", fmt::format("momentum set to {}", command.value));
      break;
    case Command::Kind::learning_rate:
      steered_rate_ = command.value;
      status_.change([&](auto& values) { values.learning_rate = command.value; });
      event(step, "learning-rate", fmt::format("learning rate set to {}", command.value));
      break;
    case Command::Kind::stop: break;  // the caller's
  }
}

bool TrainingLoop::apply_waiting(std::int64_t step) {
  for (int taken = 0; taken < CommandQueue::most_at_a_time; ++taken) {
    const auto command = commands_.pop();
    if (!command) return false;
    if (command->kind == Command::Kind::stop) return true;
    apply(*command, step);
  }
  return false;
}

TrainingLoop::Ask TrainingLoop::wait_while_paused(std::int64_t step) {
  record_->set_status(RunState::paused);
  status_.change([](auto& values) { values.state = "paused"; });
  event(step, "pause", "paused");
  while (paused_) {
    commands_.wait(std::chrono::milliseconds(500));
    check_folder(step);
    record_->heartbeat();
    Ask ask = options_.stop_requested() ? Ask::stop : Ask::go_on;
    if (apply_waiting(step)) ask = Ask::stop;
    // The others wait as well, and hear every half second that they still do.
    if (agree(ask, step) == Ask::stop) return Ask::stop;
  }
  record_->set_status(RunState::running);
  status_.change([](auto& values) { values.state = "running"; });
  event(step, "resume", "goes on");
  return Ask::go_on;
}

TrainingLoop::Ask TrainingLoop::handle_commands(std::int64_t step) {
  Ask ask = options_.stop_requested() ? Ask::stop : Ask::go_on;
  if (apply_waiting(step)) ask = Ask::stop;
  if (agree(ask, step) == Ask::stop) return Ask::stop;
  if (!paused_) return Ask::go_on;
  if (group_.first()) return wait_while_paused(step);
  while (paused_)
    if (agree(options_.stop_requested() ? Ask::stop : Ask::go_on, step) == Ask::stop) return Ask::stop;
  return Ask::go_on;
}

TrainingLoop::Ask TrainingLoop::agree(Ask ask, std::int64_t step) {
  if (!group_.alone()) {
    if (group_.sum(ask == Ask::stop ? 1.0 : 0.0) > 0) ask = Ask::stop;
    const CalibrationSettings& own = calibration_.settings();
    const nlohmann::json orders = nlohmann::json::parse(group_.broadcast(
        nlohmann::json{{"paused", paused_}, {"save", save_asked_}, {"calibration", own.enabled}, {"momentum", own.momentum},
                       {"learning_rate", steered_rate_ ? nlohmann::json(*steered_rate_) : nlohmann::json()}}
            .dump()));
    paused_ = orders["paused"].get<bool>();
    save_asked_ = orders["save"].get<bool>();
    calibration_.set_enabled(orders["calibration"].get<bool>());
    calibration_.set_momentum(orders["momentum"].get<double>());
    if (!orders["learning_rate"].is_null()) steered_rate_ = orders["learning_rate"].get<double>();
  }
  if (save_asked_ && ask == Ask::go_on) save(step);
  return ask;
}

}  // namespace bandscope
