// SPDX-License-Identifier: GPL-3.0-or-later
// Windows and dialogs that lie on a screen as a whole, also when the screen is small, or the one that they were last
// on is gone.
#pragma once

#include <QList>
#include <QObject>
#include <QRect>

class QWidget;

namespace bandscope::app {

/// `frame`, made smaller where it has to be and moved as little as it can be, so that it lies in the one of `rooms`
/// that shows most of it; where none shows any, in the nearest. `rooms` is not empty.
QRect on_screen(const QRect& frame, const QList<QRect>& rooms);

/// The same for a window, with its title bar, on the screens that there are. Its smallest size gives way.
void keep_on_screen(QWidget* window);

/// Keeps every dialog of the application on the screen when it is opened.
class ScreenKeeper : public QObject {
  Q_OBJECT

 public:
  explicit ScreenKeeper(QObject* parent);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
};

}  // namespace bandscope::app
