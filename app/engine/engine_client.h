// SPDX-License-Identifier: GPL-3.0-or-later
// Talks to a running engine: over its control socket, or, where it runs elsewhere, over what carries orders there. The
// record is the truth, the answer a hint: what an order did shows in the record.
#pragma once

#include <QJsonObject>
#include <QObject>
#include <QString>
#include <memory>

#include "app/engine/order_channel.h"
#include "core/schema/orders.h"

namespace bandscope::app {

class EngineSocket;

/// The run that an order goes to, for whoever says what became of it when another one may have been chosen since.
struct SteeredRun {
  QString record;
  QString name;  ///< what it is called where it is shown
  bool operator==(const SteeredRun&) const = default;
};

class EngineClient : public QObject {
  Q_OBJECT

 public:
  explicit EngineClient(QObject* parent = nullptr);

  /// The socket of the engine to talk to; empty: none. Orders that are under way are carried out, and their answers
  /// told, whoever is talked to by then.
  void setSocket(const QString& path, const SteeredRun& run);
  /// Talks to a run elsewhere in place of a socket. `key` names the run. Ended by setSocket().
  void setChannel(std::shared_ptr<OrderChannel> channel, const QString& key, const SteeredRun& run);

  /// Orders are sent one after another.
  void send(const Order& order);

 Q_SIGNALS:
  /// Of a question for the status this is told only while its run is talked to.
  void answered(const bandscope::app::SteeredRun& run, const QString& command, const QJsonObject& answer);
  /// The engine refused, did not answer in time, or is not there; `reason` is part of a sentence. Of a status as above.
  void failed(const bandscope::app::SteeredRun& run, const QString& command, const QString& reason);

 private:
  void use(const QString& path, std::shared_ptr<OrderChannel> channel, const QString& key, const SteeredRun& run);
  void openSocket();
  void sendThere(const Order& order, const QString& command);

  QString path_, key_;
  SteeredRun run_;
  std::shared_ptr<OrderChannel> channel_;
  quint64 turn_ = 0;           ///< of the run that is talked to
  bool status_there_ = false;  ///< it was asked for its status, and has not answered
  EngineSocket* socket_ = nullptr;
};

}  // namespace bandscope::app
