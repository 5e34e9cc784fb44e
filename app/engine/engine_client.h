// SPDX-License-Identifier: GPL-3.0-or-later
// Talks to a running engine over its control socket: one JSON object per line, each answered by one; or, where it runs
// elsewhere, over what carries orders there. The record is the truth, the socket a hint: what an order did shows in the
// record.
#pragma once

#include <QJsonObject>
#include <QLocalSocket>
#include <QObject>
#include <QQueue>
#include <QString>
#include <QTimer>
#include <memory>

#include "app/engine/order_channel.h"
#include "core/schema/orders.h"

namespace bandscope::app {

class EngineClient : public QObject {
  Q_OBJECT

 public:
  explicit EngineClient(QObject* parent = nullptr);

  /// The socket of the engine to talk to; empty: none. Another path drops the orders that wait.
  void setSocket(const QString& path);
  QString socket() const { return path_; }
  /// Talks to a run elsewhere in place of a socket. Another `key` than before, which names the run, drops the answers
  /// that are due. Ended by setSocket().
  void setChannel(std::shared_ptr<OrderChannel> channel, const QString& key);

  /// Orders are sent one after another.
  void send(const Order& order);

 Q_SIGNALS:
  void answered(const QString& command, const QJsonObject& answer);
  /// The engine refused, did not answer in time, or is not there; `reason` is a sentence.
  void failed(const QString& command, const QString& reason);

 private:
  void use(const QString& path, std::shared_ptr<OrderChannel> channel, const QString& key);
  void sendThere(const Order& order, const QString& command);
  void next();
  void read();
  void fail(const QString& reason);

  QString path_, key_;
  std::shared_ptr<OrderChannel> channel_;
  quint64 turn_ = 0;           ///< of the run that the channel leads to
  bool status_there_ = false;  ///< it was asked for its status, and has not answered
  QLocalSocket* connection_;
  QTimer patience_;
  struct Waiting {
    QString command;
    QByteArray line;
  };
  QQueue<Waiting> waiting_;
  bool in_flight_ = false;
};

}  // namespace bandscope::app
