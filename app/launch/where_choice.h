// SPDX-License-Identifier: GPL-3.0-or-later
// Where an experiment is to run: this machine or one of the servers, each with its state in words. The choice is kept
// for the next time.
#pragma once

#include <QPointer>
#include <QWidget>
#include <vector>

#include "app/launch/spec_place.h"

class QComboBox;
class QLabel;

namespace bandscope::app {

class ElidedLine;

class WhereChoice : public QWidget {
  Q_OBJECT

 public:
  explicit WhereChoice(QWidget* parent = nullptr);

  /// All that there are. Without any there is nothing to choose, and nothing is shown. One that was chosen and goes is
  /// chosen again when it comes back.
  void setServers(const std::vector<ServerLink*>& servers);
  /// Of the server; empty: this machine.
  const QString& id() const { return id_; }
  bool elsewhere() const { return !id_.isEmpty(); }
  /// The chosen server, reached or not; null: this machine, or a server that is not known yet.
  ServerLink* server() const;
  /// The chosen server where it can be asked; null otherwise.
  ServerLink* reached() const { return place().reached(); }
  SpecPlace place() const { return {id_, server()}; }
  /// Why nothing can be asked of the chosen server; empty: it can, or it is this machine.
  Message problem() const;
  /// As if the user chose it; empty: this machine. False: there is no such server.
  bool choose(const QString& id);

 Q_SIGNALS:
  /// Another place was chosen; it was `before`.
  void chosen(const QString& before);
  /// The chosen server was reached, or lost.
  void stateChanged();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void fill();
  void write();
  void take(const QString& id);
  void followWanted();

  QLabel* label_;
  QComboBox* choice_;
  ElidedLine* about_;
  std::vector<QPointer<ServerLink>> servers_;
  bool known_ = false;  ///< setServers() was called
  QString wanted_;      ///< what the user chose
  QString id_;          ///< that, or this machine while there is no such server
};

}  // namespace bandscope::app
