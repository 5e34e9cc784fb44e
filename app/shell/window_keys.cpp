// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/window_keys.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLineEdit>

namespace bandscope::app {

WindowKeys::WindowKeys(QWidget* window) : QObject(window) {
  connect(qApp, &QApplication::focusChanged, this, [this, window](QWidget* before, QWidget* now) {
    if (before) before->removeEventFilter(this);
    if (qobject_cast<QLineEdit*>(now) && now->window() == window) now->installEventFilter(this);
  });
}

bool WindowKeys::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {
    const auto* key = static_cast<QKeyEvent*>(event);
    if (key->modifiers() == Qt::ControlModifier && (key->key() == Qt::Key_E || key->key() == Qt::Key_D)) {
      event->ignore();
      return true;
    }
  }
  return QObject::eventFilter(watched, event);
}

}  // namespace bandscope::app
