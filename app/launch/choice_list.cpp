// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/choice_list.h"

#include <QMenu>
#include <QSignalBlocker>

#include "app/base/plain_text.h"

namespace bandscope::app {

ChoiceList::ChoiceList(const QStringList& options, QWidget* parent) : TickButton(Qt::ElideRight, parent) {
  for (const auto& option : options) {
    auto* action = menu()->addAction(option);
    action->setCheckable(true);
    connect(action, &QAction::toggled, this, [this, option](bool on) {
      chosen_.removeAll(option);
      if (on) chosen_ << option;
      showChosen();
      Q_EMIT edited();
    });
  }
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
  setPlain(text);
  setToolTip(plain_text(text));
}

}  // namespace bandscope::app
