// SPDX-License-Identifier: GPL-3.0-or-later
// Asks models through `bandscope-engine generate --stream` and writes into the log what they answer, while they do. One
// process at a time: two models side by side on one device would take each other's memory.
#pragma once

#include <QElapsedTimer>
#include <QHash>
#include <QObject>
#include <QProcess>
#include <QQueue>
#include <QTemporaryDir>

#include "app/answers/answer_log.h"

namespace bandscope::app {

class AnswerRunner : public QObject {
  Q_OBJECT

 public:
  explicit AnswerRunner(AnswerLog* log, QObject* parent = nullptr);
  ~AnswerRunner() override;

  /// Asks every model of the log's rows from `first` on; they have the same models and settings. An answer
  /// that is over already stays as it is.
  void ask(int first, int count);
  /// Ends what goes on and gives up what waits.
  void stop();
  bool busy() const { return process_ != nullptr || !jobs_.isEmpty(); }

 Q_SIGNALS:
  void busyChanged();

 private:
  struct Job {
    int first = 0, count = 0, column = 0;
  };
  void next();
  bool writePrompts(const QString& file, QString* why) const;
  void read();
  void take(const QByteArray& line);
  void finished();
  void fail(const QString& problem);
  /// What is not over yet of the job that goes on.
  template <class Change>
  void changeOpen(Change&& how);
  void end(AnswerState state, const QString& problem = {});

  AnswerLog* log_;
  QTemporaryDir folder_;
  QQueue<Job> jobs_;
  Job job_;
  QProcess* process_ = nullptr;
  QHash<int, QElapsedTimer> clocks_;  ///< of the answers that grow, from their first tokens on
  QHash<int, qint64> counted_;        ///< tokens that these had then
};

}  // namespace bandscope::app
