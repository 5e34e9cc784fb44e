// SPDX-License-Identifier: GPL-3.0-or-later
// A server as the window's thread sees it: what it says of itself and its runs, and answers to what it is asked. ssh,
// the conversation and the copies of records are in a thread of their own, so nothing here waits for the network.
#pragma once

#include <QDateTime>
#include <QHash>
#include <QObject>
#include <QSet>
#include <QStringList>
#include <QThread>
#include <functional>
#include <memory>
#include <vector>

#include "app/base/server_address.h"
#include "app/server/run_item.h"
#include "core/message/message.h"
#include "core/mirror/mirror_feed.h"
#include "core/serve/client.h"

namespace bandscope::app {

class LinkWorker;

/// How far the copy of a run's record is.
struct MirrorStanding {
  using Phase = mirror::MirrorFeed::Phase;
  Phase phase = Phase::apart;
  bool there = false;   ///< the copy's file can be read
  bool coarse = false;  ///< it has only some rows so far, the others are on their way
  Message problem;      ///< why it failed
  int evaluations = 0;  ///< how often files of evaluations have come beside it
  bool operator==(const MirrorStanding&) const = default;
};

class ServerLink : public QObject {
  Q_OBJECT

 public:
  enum class State {
    idle,        ///< connect() was not called
    connecting,  ///< ssh is at it
    ready,
    lost,    ///< it was reached before; tried again with growing pauses
    failed,  ///< it could not be reached; tried again as well
  };
  using Answer = std::function<void(const wire::Outcome&)>;

  /// Copies of records are kept in folders below `cache`.
  ServerLink(const ServerAddress& address, const QString& cache, QObject* parent = nullptr);
  ~ServerLink() override;  ///< ends ssh; answers that are due do not come any more

  const ServerAddress& address() const { return address_; }
  /// No connection depends on what the user calls it.
  void setName(const QString& name) { address_.name = name; }
  State state() const { return state_; }
  bool ready() const { return state_ == State::ready; }
  /// Why there is no connection; empty while there is one.
  const Message& problem() const { return problem_; }
  /// What ssh, and the login shell, have said, its end.
  QString said() const { return said_; }
  /// When something last came from there; invalid: never.
  QDateTime reached() const { return reached_; }
  /// As it said at the last connection.
  const wire::Hello& hello() const { return hello_; }
  /// Whether it is connected to and knows this request.
  bool knows(wire::Ask ask) const;

  /// Begins to end it: the destructor then waits for less, and several links end side by side. Nothing is asked or
  /// heard from here on.
  void leave();

  /// Connects, and stays connected as well as it can.
  void connectToServer();
  /// Without waiting for the pause to end.
  void tryNow();

  /// Asks; `done` is called in this thread, once, unless `context` has gone by then.
  void ask(wire::Ask ask, wire::Json fields, QObject* context, Answer done);

  /// Keeps the copy of this run's record (named as in the server's messages) the same as the server's.
  void follow(const QString& run);
  /// Leaves the copy as it is.
  void unfollow(const QString& run);
  /// The server has answered that it calls the run `now`, and the copy lies where mirrorOf(now) says: it is followed
  /// there as it was before.
  void renamed(const QString& run, const QString& now);
  /// Deletes the copy of a run that is there no more, unless another one of this name is followed.
  void forget(const QString& run);
  bool follows(const QString& run) const { return followed_.contains(run); }
  MirrorStanding mirror(const QString& run) const { return mirrors_.value(run); }
  /// What is wrong with the connection, in words: "not reached since 14:02"; empty while there is one.
  QString stateWords() const;
  /// With the name: "far", "far: not reached since 14:02".
  QString title() const;
  /// Where the copy of a run's record is, or will be.
  QString mirrorOf(const QString& run) const;

 Q_SIGNALS:
  void stateChanged();
  /// All runs, after a connection was made.
  void runsListed(const std::vector<bandscope::app::RunItemPtr>& runs);
  void runsChanged(const std::vector<bandscope::app::RunItemPtr>& runs, const QStringList& gone);
  void queueChanged(const bandscope::wire::Json& queue);
  void mirrorChanged(const QString& run);

 private:
  QString lostSince() const;
  friend class LinkWorker;

  ServerAddress address_;
  QString cache_;
  State state_ = State::idle;
  Message problem_;
  QString said_;
  QDateTime reached_;
  wire::Hello hello_;
  QSet<QString> followed_;
  QHash<QString, MirrorStanding> mirrors_;
  QThread thread_;
  bool leaves_ = false;
  LinkWorker* worker_;  ///< lives in the thread, which deletes it
};

/// The folder below the cache that the copy of a run lies in: the run's parts, each made harmless and told apart.
QString mirror_folder(const QString& cache, const QString& server_id, const QString& run);

}  // namespace bandscope::app
