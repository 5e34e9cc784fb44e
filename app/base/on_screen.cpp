// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/base/on_screen.h"

#include <QApplication>
#include <QDialog>
#include <QEvent>
#include <QScreen>
#include <algorithm>

namespace bandscope::app {
namespace {

/// Title bar and borders of a window that no window manager has framed yet: those of the common ones fit in.
constexpr QMargins usual_frame(4, 36, 4, 4);

qint64 area(const QRect& rect) { return rect.isEmpty() ? 0 : qint64(rect.width()) * rect.height(); }

qint64 distance(const QRect& a, const QRect& b) {
  const auto gap = [](int a_from, int a_to, int b_from, int b_to) {
    return qint64(std::max({0, b_from - a_to, a_from - b_to}));
  };
  const qint64 x = gap(a.left(), a.right(), b.left(), b.right()), y = gap(a.top(), a.bottom(), b.top(), b.bottom());
  return x * x + y * y;
}

QMargins frame_of(const QWidget* window) {
  const QRect outer = window->frameGeometry(), inner = window->geometry();
  if (outer == inner) return usual_frame;
  return {inner.left() - outer.left(), inner.top() - outer.top(), outer.right() - inner.right(),
          outer.bottom() - inner.bottom()};
}

}  // namespace

QRect on_screen(const QRect& frame, const QList<QRect>& rooms) {
  const QRect* best = &rooms.front();
  for (const auto& room : rooms) {
    const qint64 more = area(frame & room) - area(frame & *best);
    if (more > 0 || (more == 0 && distance(frame, room) < distance(frame, *best))) best = &room;
  }
  const QSize size = frame.size().boundedTo(best->size());
  const auto within = [](int at, int length, int from, int room) { return std::clamp(at, from, from + room - length); };
  return {QPoint(within(frame.left(), size.width(), best->left(), best->width()),
                 within(frame.top(), size.height(), best->top(), best->height())),
          size};
}

void keep_on_screen(QWidget* window) {
  if (window->windowState() & (Qt::WindowMaximized | Qt::WindowFullScreen)) return;
  QList<QRect> rooms;
  for (const auto* screen : QGuiApplication::screens()) rooms << screen->availableGeometry();
  const QMargins frame = frame_of(window);
  const QRect now(window->pos(), window->size().grownBy(frame));
  const QRect fits = on_screen(now, rooms);
  if (fits == now) return;
  const QSize size = fits.size().shrunkBy(frame);
  window->setMinimumSize(window->minimumSize().boundedTo(size));
  window->resize(size);
  // One that has no place yet gets one from the window manager, or from its parent.
  if (window->testAttribute(Qt::WA_Moved)) window->move(fits.topLeft());
}

ScreenKeeper::ScreenKeeper(QObject* parent) : QObject(parent) {
  QCoreApplication::instance()->installEventFilter(this);
}

bool ScreenKeeper::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Show && !event->spontaneous()) {
    if (auto* dialog = qobject_cast<QDialog*>(watched)) keep_on_screen(dialog);
  }
  return QObject::eventFilter(watched, event);
}

}  // namespace bandscope::app
