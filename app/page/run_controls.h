// SPDX-License-Identifier: GPL-3.0-or-later
// Steering of a live run: over its control socket where it has one; stop, asked before, by signal. A run on a server is
// steered and stopped through that.
#pragma once

#include <QObject>
#include <functional>
#include <memory>

#include "app/engine/engine_client.h"
#include "app/library/run_entry.h"

class QWidget;

namespace bandscope::app {

class RunControls : public QObject {
  Q_OBJECT

 public:
  explicit RunControls(QWidget* parent);
  /// What carries orders to a run on a server; null: nothing does. Without this such runs are not steered.
  using Channels = std::function<std::shared_ptr<OrderChannel>(const RunEntry& run)>;
  void setChannels(Channels channels);
  /// The run that orders go to, and what it is called where it is shown; nullptr: none is live.
  void setRun(const RunEntryPtr& run, const QString& name);
  const QString& name() const { return name_; }
  RunEntryPtr run() const { return run_; }
  /// Whether the run is calibrated now: as its spec says until that is switched while it trains.
  bool calibrated() const { return calibrated_; }
  void setCalibrated(bool calibrated) { calibrated_ = calibrated; }
  EngineClient* client() { return &client_; }

 public Q_SLOTS:
  void pause() { client_.send({Order::Kind::pause}); }
  void resume() { client_.send({Order::Kind::resume}); }
  void checkpoint() { client_.send({Order::Kind::checkpoint}); }
  /// Another value from the next step on.
  void set(const bandscope::LiveSetting& setting, bandscope::LiveValue value) {
    client_.send({Order::Kind::set, &setting, value});
  }
  /// Asks whether to switch, then switches: the steps after it cannot be taken back.
  void askCalibration(bool enabled);
  /// Opens the dialog for learning rate and momentum.
  void openSteer();
  /// Asks whether to, then sends SIGTERM; the engine writes a checkpoint and ends.
  void askStop();
  void stop();

 Q_SIGNALS:
  void said(const QString& text);
  /// The engine has taken an order that it carries out after its step.
  void asked(const QString& record, bandscope::app::Asked what);
  /// A question was answered with no: what shows the switch is to show the run's state again.
  void declined();

 private:
  std::shared_ptr<OrderChannel> channel() const;
  void stopThere();
  void answered(const SteeredRun& run, const QString& command);

  QWidget* window_;
  Channels channels_;
  RunEntryPtr run_;
  QString name_;
  bool calibrated_ = false;
  EngineClient client_;
};

}  // namespace bandscope::app
