// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/figure/translation.h"

#include <QCoreApplication>

namespace bandscope::viz {

std::string window_words(const char* text) { return QCoreApplication::translate("Figure", text).toStdString(); }

}  // namespace bandscope::viz
