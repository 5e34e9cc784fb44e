// SPDX-License-Identifier: GPL-3.0-or-later
// The page of a run that has no record yet: what it waits for, or why it did not start, and its spec.
#pragma once

#include <QWidget>

#include "app/library/run_entry.h"

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace bandscope::app {

class RunQueue;

class WaitingPage : public QWidget {
  Q_OBJECT

 public:
  explicit WaitingPage(RunQueue* queue, QWidget* parent = nullptr);
  void setRun(const RunEntryPtr& run);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void write();

  RunQueue* queue_;
  RunEntryPtr run_;
  QLabel *title_, *state_;
  QPlainTextEdit* spec_;
  QPushButton *start_, *stop_;
};

}  // namespace bandscope::app
