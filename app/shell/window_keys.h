// SPDX-License-Identifier: GPL-3.0-or-later
// The window's own keys where a field of one line would take them: Ctrl+E and Ctrl+D are "to the end" and "delete" to
// Qt on X11, and the filter of the list is where the keyboard is at first.
#pragma once

#include <QObject>

class QWidget;

namespace bandscope::app {

class WindowKeys : public QObject {
  Q_OBJECT

 public:
  explicit WindowKeys(QWidget* window);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
};

}  // namespace bandscope::app
