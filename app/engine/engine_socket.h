// SPDX-License-Identifier: GPL-3.0-or-later
// The control socket of one engine on this machine: orders go over it one after another, each answered by one line.
#pragma once

#include <QJsonObject>
#include <QLocalSocket>
#include <QObject>
#include <QQueue>
#include <QString>
#include <QTimer>

namespace bandscope::app {

class EngineSocket : public QObject {
  Q_OBJECT

 public:
  /// An empty path: there is none, and every order fails.
  explicit EngineSocket(const QString& path, QObject* parent);

  void send(const QString& command, const QByteArray& line);
  /// Goes once the orders that wait have been answered, or have failed.
  void leave();

 Q_SIGNALS:
  void answered(const QString& command, const QJsonObject& answer);
  /// `reason` is part of a sentence.
  void failed(const QString& command, const QString& reason);

 private:
  void next();
  void read();
  void fail(const QString& reason);
  void goIfDone();

  const QString path_;
  QLocalSocket* connection_;
  QTimer patience_;
  struct Waiting {
    QString command;
    QByteArray line;
  };
  QQueue<Waiting> waiting_;
  bool in_flight_ = false, leaving_ = false;
};

}  // namespace bandscope::app
