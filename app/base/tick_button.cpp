// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/base/tick_button.h"

#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QStyleOptionToolButton>
#include <QStylePainter>

#include "app/base/color_scheme.h"

namespace bandscope::app {
namespace {

class StayingMenu : public QMenu {
 public:
  using QMenu::QMenu;

 protected:
  void mouseReleaseEvent(QMouseEvent* event) override {
    if (auto* action = actionAt(event->pos()); action && action->isCheckable() && action->isEnabled()) {
      action->trigger();
    } else {
      QMenu::mouseReleaseEvent(event);
    }
  }
  void keyPressEvent(QKeyEvent* event) override {
    if (event->key() == Qt::Key_Space && activeAction()) {
      activeAction()->trigger();
    } else {
      QMenu::keyPressEvent(event);
    }
  }
};

}  // namespace

TickButton::TickButton(Qt::TextElideMode elide, QWidget* parent) : QToolButton(parent), elide_(elide) {
  setPopupMode(QToolButton::InstantPopup);
  setToolButtonStyle(Qt::ToolButtonTextOnly);
  // A long list must not widen the form.
  setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  setFocusPolicy(Qt::StrongFocus);
  setMenu(new StayingMenu(this));
}

void TickButton::setPlain(const QString& text) {
  setText(QString(text).replace(QLatin1Char('&'), QStringLiteral("&&")));
}

// As a combo box has it: text at the left, cut where the room ends.
void TickButton::paintEvent(QPaintEvent*) {
  QStylePainter painter(this);
  QStyleOptionToolButton option;
  initStyleOption(&option);
  option.text.clear();
  painter.drawComplexControl(QStyle::CC_ToolButton, option);
  const QRect room = rect().adjusted(grid / 2, 0, -2 * grid, 0);
  const QString plain = text().replace(QStringLiteral("&&"), QStringLiteral("&"));
  painter.drawItemText(room, Qt::AlignLeft | Qt::AlignVCenter, palette(), isEnabled(),
                       fontMetrics().elidedText(plain, elide_, room.width()), QPalette::ButtonText);
}

}  // namespace bandscope::app
