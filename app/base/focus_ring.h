// SPDX-License-Identifier: GPL-3.0-or-later
// A ring around the control that has the keyboard, whatever control it is: Fusion marks some by a shade of the
// highlight, which is too faint to be found, and others not at all.
#pragma once

#include <QFocusFrame>
#include <QObject>
#include <QPointer>

class QApplication;

namespace bandscope::app {

class FocusRing : public QObject {
  Q_OBJECT

 public:
  /// Follows the application's focus for as long as it lives.
  explicit FocusRing(QApplication* application);

 private:
  void move(QWidget* focused);

  QPointer<QFocusFrame> frame_;  ///< a child of the focused control's window, which may go before this does
};

}  // namespace bandscope::app
