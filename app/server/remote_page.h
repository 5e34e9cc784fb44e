// SPDX-License-Identifier: GPL-3.0-or-later
// The page of a run on a server that has no copy here yet: what it waits for, or why there is none, and what can be
// done about it.
#pragma once

#include <QWidget>

#include "app/library/run_entry.h"

class QLabel;
class QPushButton;

namespace bandscope::app {

class ServerQueueView;
class Servers;

class RemotePage : public QWidget {
  Q_OBJECT

 public:
  explicit RemotePage(Servers* servers, QWidget* parent = nullptr);
  void setRun(const RunEntryPtr& run);

 Q_SIGNALS:
  /// Something could not be done, and why.
  void said(const QString& text);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void write();
  QString why() const;

  Servers* servers_;
  RunEntryPtr run_;
  QLabel *title_, *state_;
  QPushButton* again_;
  ServerQueueView* queue_;
};

}  // namespace bandscope::app
