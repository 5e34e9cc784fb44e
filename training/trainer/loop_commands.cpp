// SPDX-License-Identifier: Apache-2.0
// What is asked of a run while it goes: commands of its control socket, signals, and how all of its processes come to
// do it.
#include "training/trainer/loop.h"

namespace bandscope::trainer {

void TrainingLoop::use(const LiveSettings& settings) {
  settings_ = settings;
  calibration_.set_enabled(settings.calibration);
  calibration_.set_momentum(settings.momentum);
  status_.change([&](auto& values) { values.settings = settings; });
}

void TrainingLoop::apply(const Order& order, std::int64_t step) {
  switch (order.kind) {
    case Order::Kind::pause:
      paused_ = true;
      break;
    case Order::Kind::resume:
      paused_ = false;
      break;
    case Order::Kind::checkpoint:
      save_asked_ = true;
      break;
    case Order::Kind::set: {
      LiveSettings settings = settings_;
      change(settings, *order.setting, order.value);
      use(settings);
      event(step, std::string(order.setting->event_kind), event_message(*order.setting, order.value));
      break;
    }
    case Order::Kind::stop:    // the caller's
    case Order::Kind::status:  // answered by the server
      break;
  }
}

bool TrainingLoop::apply_waiting(std::int64_t step) {
  for (int taken = 0; taken < control::CommandQueue::most_at_a_time; ++taken) {
    const auto order = commands_.pop();
    if (!order) return false;
    if (order->kind == Order::Kind::stop) return true;
    apply(*order, step);
  }
  return false;
}

TrainingLoop::Ask TrainingLoop::wait_while_paused(std::int64_t step) {
  record_->set_status(RunState::paused);
  status_.change([](auto& values) { values.state = "paused"; });
  event(step, "pause", Message::tr("paused"));
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
  event(step, "resume", Message::tr("goes on"));
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
    const nlohmann::json orders = nlohmann::json::parse(group_.broadcast(nlohmann::json{
        {"paused", paused_},
        {"save", save_asked_},
        {"steered", changes(live_settings(spec_), settings_)}}.dump()));
    paused_ = orders["paused"].get<bool>();
    save_asked_ = orders["save"].get<bool>();
    LiveSettings settings = live_settings(spec_);
    update(settings, orders["steered"], "the first process");
    use(settings);
  }
  if (save_asked_ && ask == Ask::go_on) save(step);
  return ask;
}

}  // namespace bandscope::trainer
