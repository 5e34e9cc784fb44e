// SPDX-License-Identifier: GPL-3.0-or-later
// The thread side of a ServerLink: owns ssh, the conversation over its pipes and the feeds of the copies; tries again
// with growing pauses. Everything is called in the link's thread; what it has to say it posts to the window's.
#pragma once

#include <QObject>
#include <QPointer>
#include <QProcess>
#include <QTimer>
#include <map>
#include <memory>
#include <vector>

#include "app/server/link_copies.h"
#include "app/server/link_news.h"
#include "app/server/server_link.h"

namespace bandscope::app {

class LinkWorker : public QObject {
  Q_OBJECT

 public:
  LinkWorker(ServerLink* link, ServerAddress address, QString cache);
  ~LinkWorker() override;

  void connectToServer();
  void tryNow();
  void ask(wire::Ask ask, const wire::Json& fields, const std::function<void(const wire::Outcome&)>& done);
  void follow(const QString& run);
  void unfollow(const QString& run);
  /// Deletes the copy of a run that is not followed.
  void forget(const QString& run);
  /// Ends the conversation for good.
  void end();

 private:
  void start();
  void received();
  void heard();
  void flush();
  void ended(const Message& why);
  void ready();
  void listRuns(std::size_t first);
  void watch();
  void pushed(const std::string& name, const wire::Json& fields);
  void takeQueue(const wire::Json& fields);
  void tellNews();
  void publish(ServerLink::State state, const Message& problem);
  template <class Function>
  void post(Function function);
  static wire::Client::Time now() { return std::chrono::steady_clock::now(); }

  ServerLink* const link_;  ///< outlives the thread
  const ServerAddress address_;
  wire::Client client_;
  wire::Pauses pauses_;
  std::unique_ptr<QProcess> ssh_;
  QByteArray error_;   ///< of ssh, its end
  bool asks_ = false;  ///< there is a program that asks for ssh
  QTimer tick_, again_;
  bool wanted_ = false, reached_ = false, may_ask_ = true;
  QDateTime heard_at_;
  std::vector<RunItemPtr> listed_;  ///< so far
  std::size_t listed_bytes_ = 0;
  int pages_ = 0;  ///< … on so many
  std::shared_ptr<LinkNews> news_ = std::make_shared<LinkNews>();
  LinkCopies copies_;  ///< after the client that it uses
};

}  // namespace bandscope::app
