// SPDX-License-Identifier: GPL-3.0-or-later
// Which terms a panel of the charts is about.
#pragma once

#include <QString>

namespace bandscope::app {

/// The terms of a panel, by its name among the figures' parts, as a tooltip; empty for one without any.
QString panel_tip(const QString& part);

}  // namespace bandscope::app
