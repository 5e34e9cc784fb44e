// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/counted_name.h"

#include <QRegularExpression>

namespace bandscope::app {

QString counted_name(const QString& name, const std::function<bool(const QString&)>& used) {
  constexpr int most_tried = 1000;
  if (!used(name)) return name;
  static const QRegularExpression counted(QStringLiteral("^(.+)-([1-9][0-9]{0,3})$"));
  const auto match = counted.match(name);
  const bool goes_on = match.hasMatch() && used(match.captured(1));
  const QString stem = goes_on ? match.captured(1) : name;
  const int first = goes_on ? match.captured(2).toInt() + 1 : 2;
  for (int number = first; number < first + most_tried; ++number) {
    const QString tried = QStringLiteral("%1-%2").arg(stem).arg(number);
    if (!used(tried)) return tried;
  }
  return {};
}

}  // namespace bandscope::app
