// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/engine_client.h"

#include <utility>

#include "app/engine/engine_socket.h"
#include "app/language/translated.h"

namespace bandscope::app {
namespace {

const QString status_command = QStringLiteral("status");

}  // namespace

EngineClient::EngineClient(QObject* parent) : QObject(parent) { openSocket(); }

void EngineClient::setSocket(const QString& path, const SteeredRun& run) { use(path, nullptr, {}, run); }

void EngineClient::setChannel(std::shared_ptr<OrderChannel> channel, const QString& key, const SteeredRun& run) {
  use({}, std::move(channel), key, run);
}

void EngineClient::use(const QString& path, std::shared_ptr<OrderChannel> channel, const QString& key,
                       const SteeredRun& run) {
  const bool same = path == path_ && key == key_ && !channel == !channel_ && run.record == run_.record;
  channel_ = std::move(channel);
  run_ = run;  // it may have another name
  if (same) return;
  path_ = path;
  key_ = key;
  ++turn_;
  status_there_ = false;
  socket_->leave();
  openSocket();
}

void EngineClient::openSocket() {
  socket_ = new EngineSocket(path_, this);
  const auto of = [this, turn = turn_, run = run_] { return turn == turn_ ? run_ : run; };
  const auto tells = [this, turn = turn_](const QString& command) {
    return command != status_command || turn == turn_;
  };
  connect(socket_, &EngineSocket::answered, this, [this, of, tells](const QString& command, const QJsonObject& answer) {
    if (tells(command)) Q_EMIT answered(of(), command, answer);
  });
  connect(socket_, &EngineSocket::failed, this, [this, of, tells](const QString& command, const QString& reason) {
    if (tells(command)) Q_EMIT failed(of(), command, reason);
  });
}

void EngineClient::send(const Order& order) {
  const nlohmann::json request = to_request(order);
  const QString command = QString::fromStdString(request.value("command", ""));
  if (channel_) return sendThere(order, command);
  socket_->send(command, QByteArray::fromStdString(request.dump() + '\n'));
}

void EngineClient::sendThere(const Order& order, const QString& command) {
  const bool status = order.kind == Order::Kind::status;
  // Over a slow line the next question would come before the answer.
  if (status && std::exchange(status_there_, true)) return;
  channel_->send(order, this,
                 [this, turn = turn_, run = run_, command, status](const QJsonObject& answer, const Message& problem) {
                   if (status && turn != turn_) return;
                   if (status) status_there_ = false;
                   if (problem.empty()) {
                     Q_EMIT answered(run, command, answer);
                   } else {
                     Q_EMIT failed(run, command, translated(problem));
                   }
                 });
}

}  // namespace bandscope::app
