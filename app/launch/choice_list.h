// SPDX-License-Identifier: GPL-3.0-or-later
// Several of a few options, ticked in the menu of a button that says which are chosen.
#pragma once

#include <QStringList>

#include "app/base/tick_button.h"

namespace bandscope::app {

class ChoiceList : public TickButton {
  Q_OBJECT

 public:
  explicit ChoiceList(const QStringList& options, QWidget* parent = nullptr);

  /// In the order in which they were ticked. Unknown ones are kept, so that an error about them is not hidden.
  QStringList chosen() const { return chosen_; }
  /// No signal.
  void setChosen(const QStringList& chosen);

 Q_SIGNALS:
  void edited();

 private:
  void showChosen();

  QStringList chosen_;
};

}  // namespace bandscope::app
