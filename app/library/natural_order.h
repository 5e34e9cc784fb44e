// SPDX-License-Identifier: GPL-3.0-or-later
// Names in the order that people expect of them: what differs in a number goes by the number.
#pragma once

#include <QString>

namespace bandscope::app {

/// Negative where `a` comes first: "lr-5e-04" before "lr-0.001" before "lr-0.01", "run-9" before "run-10"; text as the
/// locale has it.
int natural_compare(const QString& a, const QString& b);

}  // namespace bandscope::app
