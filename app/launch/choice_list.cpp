// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/choice_list.h"

#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QSignalBlocker>
#include <QStyleOptionToolButton>
#include <QStylePainter>

#include "app/base/color_scheme.h"
#include "app/base/plain_text.h"

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

ChoiceList::ChoiceList(const QStringList& options, QWidget* parent) : QToolButton(parent) {
  setPopupMode(QToolButton::InstantPopup);
  setToolButtonStyle(Qt::ToolButtonTextOnly);
  // A long list must not widen the form.
  setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  setFocusPolicy(Qt::StrongFocus);
  auto* menu = new StayingMenu(this);
  for (const auto& option : options) {
    auto* action = menu->addAction(option);
    action->setCheckable(true);
    connect(action, &QAction::toggled, this, [this, option](bool on) {
      chosen_.removeAll(option);
      if (on) chosen_ << option;
      showChosen();
      Q_EMIT edited();
    });
  }
  setMenu(menu);
  showChosen();
}

void ChoiceList::setChosen(const QStringList& chosen) {
  for (auto* action : menu()->actions()) {
    const QSignalBlocker quiet(action);
    action->setChecked(chosen.contains(action->text()));
  }
  chosen_ = chosen;
  showChosen();
}

void ChoiceList::showChosen() {
  const QString text = chosen_.isEmpty() ? tr("choose…") : chosen_.join(QStringLiteral(", "));
  setText(text);
  setToolTip(plain_text(text));
}

// As a combo box has it: text at the left, cut where the room ends.
void ChoiceList::paintEvent(QPaintEvent*) {
  QStylePainter painter(this);
  QStyleOptionToolButton option;
  initStyleOption(&option);
  option.text.clear();
  painter.drawComplexControl(QStyle::CC_ToolButton, option);
  const QRect room = rect().adjusted(grid / 2, 0, -2 * grid, 0);
  painter.drawItemText(room, Qt::AlignLeft | Qt::AlignVCenter, palette(), isEnabled(),
                       fontMetrics().elidedText(text(), Qt::ElideRight, room.width()), QPalette::ButtonText);
}

}  // namespace bandscope::app
