// SPDX-License-Identifier: GPL-3.0-or-later
// A way for orders to a live run whose engine listens on another machine.
#pragma once

#include <QJsonObject>
#include <functional>

#include "core/message/message.h"
#include "core/schema/orders.h"

class QObject;

namespace bandscope::app {

class OrderChannel {
 public:
  /// The run's answer, or why there is none: the run, or what is between, refuses, or cannot be reached. Called later,
  /// once, unless the context has gone by then.
  using Answered = std::function<void(const QJsonObject& answer, const Message& problem)>;
  using Ended = std::function<void(const Message& problem)>;

  virtual ~OrderChannel() = default;
  virtual void send(const Order& order, QObject* context, Answered done) = 0;
  /// Stops the run with a checkpoint, also where it does not listen yet.
  virtual void end(QObject* context, Ended done) = 0;
};

}  // namespace bandscope::app
