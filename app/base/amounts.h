// SPDX-License-Identifier: GPL-3.0-or-later
// Amounts as people read them, in the application's language.
#pragma once

#include <QString>

namespace bandscope::app {

QString short_count(double value);           ///< "134.5 M", "6.9 B", "2,312"
QString bytes_text(double bytes);            ///< "513 MiB", "1.9 GiB"
QString brief_duration(double seconds);      ///< "14 min"
QString rough_duration(double seconds);      ///< "about 14 min"
QString share_text(double part, double of);  ///< "12 (0.5 %)"

}  // namespace bandscope::app
