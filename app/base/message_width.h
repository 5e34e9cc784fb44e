// SPDX-License-Identifier: GPL-3.0-or-later
// Room for the sentences of a message box, which would else be as narrow as its title.
#pragma once

#include <QGridLayout>
#include <QMessageBox>

#include "app/base/color_scheme.h"

namespace bandscope::app {

/// At least `units` of the 8 px grid wide; before the box is shown.
inline void widen(QMessageBox* box, int units = 45) {
  if (auto* lines = qobject_cast<QGridLayout*>(box->layout())) {
    lines->addItem(new QSpacerItem(units * grid, 0), lines->rowCount(), 0, 1, lines->columnCount());
  }
}

}  // namespace bandscope::app
