// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/figure/translation.h"

#include <QCoreApplication>

namespace bandscope::viz {

std::string window_words(const char* text) {
  const QString found = QCoreApplication::translate("Figure", text);
  return (found == QString::fromUtf8(text) ? QCoreApplication::translate("Message", text) : found).toStdString();
}

}  // namespace bandscope::viz
