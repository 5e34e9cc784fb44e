// SPDX-License-Identifier: GPL-3.0-or-later
// Orders to a live run on a server.
#pragma once

#include "app/engine/order_channel.h"
#include "app/server/ask_server.h"

namespace bandscope::app {

class ServerChannel : public OrderChannel {
 public:
  /// `run`: what it is called in the server's messages.
  ServerChannel(ServerLinks links, QString server, QString run)
      : links_(std::move(links)), server_(std::move(server)), run_(std::move(run)) {}
  void send(const Order& order, QObject* context, Answered done) override;
  void end(QObject* context, Ended done) override;

 private:
  ServerLinks links_;
  QString server_, run_;
};

}  // namespace bandscope::app
