// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/base/number_text.h"

#include <QLocale>
#include <cmath>

namespace bandscope::app {

QString duration_text(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0) return {};
  const qint64 whole = qint64(std::llround(seconds));
  const qint64 hours = whole / 3600, minutes = whole / 60 % 60, rest = whole % 60;
  const auto two = [](qint64 value) { return QStringLiteral("%1").arg(value, 2, 10, QLatin1Char('0')); };
  if (hours > 0) return QStringLiteral("%1:%2:%3").arg(hours).arg(two(minutes), two(rest));
  return QStringLiteral("%1:%2").arg(minutes).arg(two(rest));
}

QString number_text(double value, int places) {
  if (std::isnan(value)) return QStringLiteral("–");
  const double size = std::abs(value);
  QString text = size != 0 && (size >= 1e5 || size < 0.5 * std::pow(10.0, -places))
                     ? QString::number(value, 'e', 2)
                     : QString::number(value, 'f', places);
  return text.replace(QLatin1Char('-'), QChar(0x2212));
}

QString signed_text(double value, int places) {
  const QString text = number_text(value, places);
  return std::isnan(value) || value < 0 ? text : QLatin1Char('+') + text;
}

QString count_text(qint64 value) { return QLocale().toString(value); }

QString percent_text(double share) {
  return std::isnan(share) ? QStringLiteral("–") : QStringLiteral("%1 %").arg(qRound(share * 100.0));
}

}  // namespace bandscope::app
