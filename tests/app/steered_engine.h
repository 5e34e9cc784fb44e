// SPDX-License-Identifier: GPL-3.0-or-later
// The engine's side of steering: its own control server, with a loop that takes what comes.
#pragma once

#include <QObject>
#include <QTimer>
#include <memory>
#include <string>
#include <vector>

#include "training/control/server.h"

namespace bandscope::testing {

/// Does what the engine's loop does between two steps.
class SteeredEngine : public QObject {
 public:
  explicit SteeredEngine(const std::string& run) {
    status.change([&](auto& values) {
      values.run = run;
      values.state = "running";
      values.steps = 100;
      values.settings = {false, 0.98, 5e-7};
    });
    server = std::make_unique<control::ControlServer>(commands, status);
    timer_.setInterval(20);
    connect(&timer_, &QTimer::timeout, this, [this] {
      status.change([](auto& values) { ++values.step; });
      while (const auto order = commands.pop()) {
        taken.push_back(*order);
        if (order->kind != Order::Kind::set) continue;
        status.change([&](auto& values) { change(values.settings, *order->setting, order->value); });
      }
    });
    timer_.start();
  }
  control::CommandQueue commands;
  control::LiveStatus status;
  std::vector<Order> taken;
  std::unique_ptr<control::ControlServer> server;

 private:
  QTimer timer_;
};

}  // namespace bandscope::testing
