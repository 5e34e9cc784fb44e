// SPDX-License-Identifier: GPL-3.0-or-later
// The dashboard on the whole screen: F in the page, F or Esc to leave. Menus, docks, header and tabs stand back.
#pragma once

#include <QObject>
#include <QPointer>
#include <vector>

class QAction;
class QMainWindow;
class QShortcut;

namespace bandscope::app {

class RunPage;

class FullScreen : public QObject {
  Q_OBJECT

 public:
  FullScreen(QMainWindow* window, RunPage* page);
  bool on() const { return on_; }

 public Q_SLOTS:
  void set(bool on);
  void toggle() { set(!on_); }

 Q_SIGNALS:
  void changed(bool on);

 private:
  QMainWindow* window_;
  RunPage* page_;
  QShortcut* leave_;
  std::vector<QPointer<QWidget>> hidden_;  ///< that were shown before
  bool on_ = false, was_maximised_ = false;
};

}  // namespace bandscope::app
