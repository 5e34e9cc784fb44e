// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/base/focus_ring.h"

#include <QAbstractScrollArea>
#include <QAbstractSpinBox>
#include <QApplication>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPlainTextEdit>

namespace bandscope::app {
namespace {

/// Where one types, the ring is there after a click, too.
bool is_typed_into(const QWidget* widget) {
  const auto* text = qobject_cast<const QPlainTextEdit*>(widget);
  return qobject_cast<const QLineEdit*>(widget) || qobject_cast<const QAbstractSpinBox*>(widget) ||
         (text && !text->isReadOnly());
}

}  // namespace

FocusRing::FocusRing(QApplication* application) : QObject(application) {
  connect(application, &QApplication::focusChanged, this, [this](QWidget*, QWidget* now) { move(now); });
}

void FocusRing::move(QWidget* focused) {
  // Menus show where they are by themselves.
  const bool own = qobject_cast<QMenu*>(focused) || qobject_cast<QMenuBar*>(focused);
  const bool clicked = QGuiApplication::mouseButtons() != Qt::NoButton && !is_typed_into(focused);
  if (!focused || focused->isWindow() || own || clicked) {
    if (frame_) frame_->setWidget(nullptr);
    return;
  }
  // A box's field is inside of it.
  while (focused->focusProxy()) focused = focused->focusProxy();
  if (auto* box = qobject_cast<QAbstractSpinBox*>(focused->parentWidget())) focused = box;
  if (!frame_) frame_ = new QFocusFrame(focused);
  frame_->setWidget(focused);
}

}  // namespace bandscope::app
