// SPDX-License-Identifier: GPL-3.0-or-later
// Talks to a running engine over its control socket: one JSON object per line, each answered by one. The record is the
// truth, the socket a hint: what an order did shows in the record.
#pragma once

#include <QJsonObject>
#include <QLocalSocket>
#include <QObject>
#include <QQueue>
#include <QString>
#include <QTimer>

#include "core/schema/orders.h"

namespace bandscope::app {

class EngineClient : public QObject {
  Q_OBJECT

 public:
  explicit EngineClient(QObject* parent = nullptr);

  /// The socket of the engine to talk to; empty: none. Another path drops the orders that wait.
  void setSocket(const QString& path);
  QString socket() const { return path_; }

  /// Orders are sent one after another.
  void send(const Order& order);

 Q_SIGNALS:
  void answered(const QString& command, const QJsonObject& answer);
  /// The engine refused, did not answer in time, or is not there; `reason` is a sentence.
  void failed(const QString& command, const QString& reason);

 private:
  void next();
  void read();
  void fail(const QString& reason);

  QString path_;
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
