// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace bandscope::viz {

/// Text as it stands in a LaTeX file, whatever a run's name has in it; symbols become mathematics.
QString latex_text(const QString& text);

}  // namespace bandscope::viz
