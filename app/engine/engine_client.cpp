// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/engine_client.h"

#include <QJsonDocument>
#include <utility>

#include "app/language/translated.h"

namespace bandscope::app {
namespace {

constexpr int answer_ms = 5000;
constexpr qint64 longest_answer = 64 * 1024;

}  // namespace

EngineClient::EngineClient(QObject* parent) : QObject(parent), connection_(new QLocalSocket(this)) {
  connection_->setReadBufferSize(2 * longest_answer);
  patience_.setSingleShot(true);
  patience_.setInterval(answer_ms);
  connect(&patience_, &QTimer::timeout, this, [this] { fail(tr("the engine did not answer within 5 s")); });
  connection_->setReadBufferSize(longest_answer + 1);
  connect(connection_, &QLocalSocket::connected, this, &EngineClient::next);
  connect(connection_, &QLocalSocket::readyRead, this, &EngineClient::read);
  connect(connection_, &QLocalSocket::errorOccurred, this, [this](QLocalSocket::LocalSocketError error) {
    if (waiting_.isEmpty()) return;
    fail(error == QLocalSocket::ServerNotFoundError || error == QLocalSocket::ConnectionRefusedError
             ? tr("the engine does not listen at %1; the run may have ended").arg(path_)
             : connection_->errorString());
  });
}

void EngineClient::setSocket(const QString& path) { use(path, nullptr, {}); }

void EngineClient::setChannel(std::shared_ptr<OrderChannel> channel, const QString& key) {
  use({}, std::move(channel), key);
}

void EngineClient::use(const QString& path, std::shared_ptr<OrderChannel> channel, const QString& key) {
  const bool same = path == path_ && key == key_ && !channel == !channel_;
  channel_ = std::move(channel);
  if (same) return;
  path_ = path;
  key_ = key;
  ++turn_;
  status_there_ = false;
  waiting_.clear();
  in_flight_ = false;
  patience_.stop();
  connection_->abort();
}

void EngineClient::send(const Order& order) {
  const nlohmann::json request = to_request(order);
  const QString command = QString::fromStdString(request.value("command", ""));
  if (channel_) return sendThere(order, command);
  waiting_.enqueue({command, QByteArray::fromStdString(request.dump() + '\n')});
  if (path_.isEmpty()) return fail(tr("the engine of this run has no control socket"));
  next();
}

void EngineClient::sendThere(const Order& order, const QString& command) {
  const bool status = order.kind == Order::Kind::status;
  // Over a slow line the next question would come before the answer.
  if (status && std::exchange(status_there_, true)) return;
  channel_->send(order, this, [this, turn = turn_, command, status](const QJsonObject& answer, const Message& problem) {
    if (turn != turn_) return;
    if (status) status_there_ = false;
    if (problem.empty()) {
      Q_EMIT answered(command, answer);
    } else {
      Q_EMIT failed(command, translated(problem));
    }
  });
}

void EngineClient::next() {
  if (in_flight_ || waiting_.isEmpty()) return;
  if (connection_->state() != QLocalSocket::ConnectedState) {
    if (connection_->state() == QLocalSocket::UnconnectedState) {
      patience_.start();
      connection_->connectToServer(path_);
    }
    return;
  }
  in_flight_ = true;
  connection_->write(waiting_.head().line);
  patience_.start();
}

void EngineClient::read() {
  while (connection_->canReadLine()) {
    const QByteArray line = connection_->readLine(longest_answer);
    if (!in_flight_) {  // an answer that nobody asked for
      connection_->abort();
      return;
    }
    in_flight_ = false;
    patience_.stop();
    const QString command = waiting_.dequeue().command;
    const auto answer = QJsonDocument::fromJson(line).object();
    if (answer.value(QStringLiteral("ok")).toBool()) {
      Q_EMIT answered(command, answer);
    } else {
      const Message reason =
          kept_message(answer.value(QStringLiteral("error")).toString(), answer.value(QStringLiteral("message")));
      Q_EMIT failed(command,
                    reason.empty() ? tr("the engine gave an answer that is not understood") : translated(reason));
    }
    next();
  }
  if (connection_->bytesAvailable() > longest_answer) fail(tr("the engine gave an answer that is not understood"));
}

void EngineClient::fail(const QString& reason) {
  patience_.stop();
  in_flight_ = false;
  const QString command = waiting_.isEmpty() ? QString() : waiting_.head().command;
  waiting_.clear();
  connection_->abort();
  if (!command.isEmpty()) Q_EMIT failed(command, reason);
}

}  // namespace bandscope::app
