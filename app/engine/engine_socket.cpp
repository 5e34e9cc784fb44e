// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/engine_socket.h"

#include <QJsonDocument>
#include <utility>

#include "app/language/translated.h"

namespace bandscope::app {
namespace {

constexpr int answer_ms = 5000;
constexpr qint64 longest_answer = 64 * 1024;

}  // namespace

EngineSocket::EngineSocket(const QString& path, QObject* parent)
    : QObject(parent), path_(path), connection_(new QLocalSocket(this)) {
  patience_.setSingleShot(true);
  patience_.setInterval(answer_ms);
  connect(&patience_, &QTimer::timeout, this, [this] { fail(tr("the engine did not answer within 5 s")); });
  connection_->setReadBufferSize(longest_answer + 1);
  connect(connection_, &QLocalSocket::connected, this, &EngineSocket::next);
  connect(connection_, &QLocalSocket::readyRead, this, &EngineSocket::read);
  connect(connection_, &QLocalSocket::errorOccurred, this, [this](QLocalSocket::LocalSocketError error) {
    if (waiting_.isEmpty()) return;
    fail(error == QLocalSocket::ServerNotFoundError || error == QLocalSocket::ConnectionRefusedError
             ? tr("the engine does not listen at %1; the run may have ended").arg(path_)
             : connection_->errorString());
  });
}

void EngineSocket::send(const QString& command, const QByteArray& line) {
  waiting_.enqueue({command, line});
  if (path_.isEmpty()) return fail(tr("the engine of this run has no control socket"));
  next();
}

void EngineSocket::leave() {
  leaving_ = true;
  goIfDone();
}

void EngineSocket::goIfDone() {
  if (leaving_ && waiting_.isEmpty()) deleteLater();
}

void EngineSocket::next() {
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

void EngineSocket::read() {
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
  goIfDone();
}

void EngineSocket::fail(const QString& reason) {
  patience_.stop();
  in_flight_ = false;
  const auto all = std::exchange(waiting_, {});
  connection_->abort();
  for (const auto& one : all) Q_EMIT failed(one.command, reason);
  goIfDone();
}

}  // namespace bandscope::app
