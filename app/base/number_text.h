// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers as the window writes them.
#pragma once

#include <QString>

namespace bandscope::app {

/// "0:41", "1:02:03".
QString duration_text(double seconds);
/// With a thin sign and fixed places, "–" for NaN; tiny and huge values in powers of ten.
QString number_text(double value, int places = 3);
/// "+0.012" or "−0.012".
QString signed_text(double value, int places = 3);
/// "1,204" in the locale's way.
QString count_text(qint64 value);
/// "62 %"; "–" for NaN.
QString percent_text(double share);

}  // namespace bandscope::app
