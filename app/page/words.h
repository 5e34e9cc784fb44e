// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <string>

namespace bandscope::app {

/// Text of a record for the page's models and labels.
inline QString words(const std::string& text) { return QString::fromStdString(text); }

}  // namespace bandscope::app
