// SPDX-License-Identifier: GPL-3.0-or-later
// Watches engines that this window started until their records appear or they end without one.
#pragma once

#include <QObject>
#include <QStringList>
#include <QTimer>
#include <vector>

namespace bandscope::app {

class LaunchWatch : public QObject {
  Q_OBJECT

 public:
  explicit LaunchWatch(QObject* parent = nullptr);
  void add(qint64 pid, const QString& log, const QString& runs, const QStringList& names);

 Q_SIGNALS:
  /// A run's record is there.
  void appeared(const QString& record);
  /// The engine ended before any record was there; the message has its last words.
  void ended(const QString& message);

 private:
  struct Launch {
    qint64 pid = 0;
    QString log;
    QStringList records;  ///< that are awaited
    bool any = false;     ///< one has appeared
    int gone = 0;         ///< looks since the process ended
  };
  void look();

  std::vector<Launch> launches_;
  QTimer timer_;
};

}  // namespace bandscope::app
