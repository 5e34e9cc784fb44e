// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/base/amounts.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

#include "app/base/number_text.h"

namespace bandscope::app {
namespace {

struct AmountStrings {
  Q_DECLARE_TR_FUNCTIONS(Amounts)
};

constexpr double mebi = 1024.0 * 1024.0, gibi = mebi * 1024.0;
constexpr double minute = 60, hour = 3600, day = 86400;

/// Three figures at most: 1.9, 19.2, 192.
QString three_figures(double value) { return QString::number(value, 'f', value < 99.95 ? 1 : 0); }

}  // namespace

QString short_count(double value) {
  if (value >= 1e9) return QStringLiteral("%1 B").arg(three_figures(value / 1e9));
  if (value >= 1e6) return QStringLiteral("%1 M").arg(three_figures(value / 1e6));
  return count_text(qint64(value));
}

QString bytes_text(double bytes) {
  if (bytes >= gibi) return QStringLiteral("%1 GiB").arg(three_figures(bytes / gibi));
  if (bytes >= mebi) return QStringLiteral("%1 MiB").arg(three_figures(bytes / mebi));
  return QStringLiteral("%1 KiB").arg(std::max(1.0, std::ceil(bytes / 1024)), 0, 'f', 0);
}

QString brief_duration(double seconds) {
  if (seconds < 1.5 * minute) return AmountStrings::tr("%1 s").arg(std::max(1, qRound(seconds)));
  if (seconds < 1.5 * hour) return AmountStrings::tr("%1 min").arg(qRound(seconds / minute));
  if (seconds < 2 * day) return AmountStrings::tr("%1 h").arg(seconds / hour, 0, 'f', 1);
  return AmountStrings::tr("%1 days").arg(seconds / day, 0, 'f', 1);
}

QString rough_duration(double seconds) { return AmountStrings::tr("about %1").arg(brief_duration(seconds)); }

QString share_text(double part, double of) {
  if (of <= 0) return count_text(qint64(part));
  const double share = 100 * part / of;
  const QString percent =
      share > 0 && share < 0.1 ? QStringLiteral("< 0.1") : QString::number(share, 'f', share < 10 ? 1 : 0);
  return QStringLiteral("%1 (%2 %)").arg(count_text(qint64(part)), percent);
}

}  // namespace bandscope::app
