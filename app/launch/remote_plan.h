// SPDX-License-Identifier: GPL-3.0-or-later
// What a run will need on a server, as that server's engine says it.
#pragma once

#include <QObject>
#include <QPointer>
#include <QTimer>
#include <memory>
#include <optional>
#include <vector>

#include "app/launch/run_plan.h"
#include "app/server/server_link.h"

namespace bandscope::app {

/// Of the answer to `plan`; items that are none, or whose numbers no machine has, are left out.
std::vector<RunPlan> plans_of(const wire::Json& answer);

/// Asks about one spec at a time; answers about an earlier one are dropped. A server makes few plans at once: the next
/// question waits until it has an answer to one before.
class RemotePlanner : public QObject {
  Q_OBJECT

 public:
  explicit RemotePlanner(QObject* parent = nullptr);

  /// `toml`: paths as there. `measure`: with a warm-up of real steps, which takes a while.
  void ask(ServerLink* server, const QString& toml, bool measure);
  /// The server goes on with what it has begun; its answer is dropped.
  void cancel();
  bool measuring() const { return wanted_ && wanted_->measure; }

 Q_SIGNALS:
  void planned(const std::vector<RunPlan>& plans, bool measured);
  /// Why there is no plan. `refused`: the server takes no such spec, so it would not start it either.
  void failed(const Message& reason, bool refused);
  /// The connection went before there was an answer.
  void lost();
  void busyChanged();

 private:
  struct Question {
    QPointer<ServerLink> server;
    QString toml;
    bool measure = false;
  };
  void send();
  void answered(quint64 number, const wire::Outcome& outcome);

  std::optional<Question> wanted_;  ///< the answer that is waited for
  quint64 number_ = 0;              ///< of the last question
  bool sent_ = false;               ///< the wanted one is with the server
  QPointer<ServerLink> asked_;      ///< the server that the count is of
  std::shared_ptr<int> in_flight_;  ///< answers that it owes
  QTimer again_;
};

}  // namespace bandscope::app
