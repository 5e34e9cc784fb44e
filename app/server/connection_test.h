// SPDX-License-Identifier: GPL-3.0-or-later
// Tries a connection to a server and says how far it gets: ssh, the engine, its devices, its folders. Nothing waits for
// it; it ends by itself, when it is cancelled, and with its owner.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QProcess>
#include <QStringList>
#include <QTimer>
#include <array>
#include <memory>

#include "app/base/server_address.h"
#include "core/serve/client.h"

namespace bandscope::app {

class ConnectionTest : public QObject {
  Q_OBJECT

 public:
  enum class Step { connection, engine, devices, folders };
  static constexpr int steps = 4;
  enum class State {
    waiting,  ///< for a step before it
    going,
    done,
    doubtful,  ///< done, but something is to be known
    failed,
    left  ///< was not come to
  };
  struct Line {
    State state = State::waiting;
    QStringList words;  ///< a sentence each; plain text, some of it the server's
  };

  explicit ConnectionTest(const ServerAddress& server, QObject* parent = nullptr);
  ~ConnectionTest() override;

  /// Once, or again after the end of the one before.
  void start();
  /// What goes on is left.
  void cancel();

  bool going() const { return going_; }
  /// Whether all steps were done.
  bool passed() const;
  const Line& line(Step step) const { return lines_[std::size_t(step)]; }
  static QString title(Step step);
  /// What ssh, the login shell and the engine have said beside that, its end.
  QString said() const;

 Q_SIGNALS:
  void changed();
  void finished();  ///< going() is false

 private:
  static wire::Client::Time now() { return std::chrono::steady_clock::now(); }
  void set(Step step, State state, const QStringList& words = {});
  void heardError();
  void heard();
  void loggedIn();
  void ready();
  void showDevices();
  void askRuns();
  void gotRuns(const wire::Outcome& outcome);
  void ended(int code);
  void fail(Step step, const QString& words);
  void end(bool gently);

  const ServerAddress server_;
  std::array<Line, steps> lines_;
  std::unique_ptr<QProcess> ssh_;
  wire::Client client_;
  QTimer tick_;
  QElapsedTimer clock_;
  QByteArray said_;  ///< on standard error, its end
  QString chatter_;  ///< before the hello
  bool going_ = false, in_ = false, greeted_ = false, asks_ = false, said_more_ = false;
};

}  // namespace bandscope::app
