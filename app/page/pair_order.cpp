// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/pair_order.h"

#include <QRegularExpression>
#include <algorithm>
#include <cmath>
#include <limits>

namespace bandscope::app {

bool passes(const PairRows& rows, std::size_t row, const PairFilter& filter) {
  const PairCells& first = rows.first[row];
  if (filter.pathway[0] && first.pathway() != *filter.pathway[0]) return false;
  if (filter.pathway[1] && rows.both && rows.second[row].pathway() != *filter.pathway[1]) return false;
  if (filter.in_band) {
    const BandPlace place = (filter.band_of == PairSide::second && rows.both ? rows.second[row] : first).band;
    if (place == BandPlace::undefined || (place == BandPlace::in) != *filter.in_band) return false;
  }
  const std::int64_t line = first.row.row;
  if (filter.lines && (line < filter.lines->first || line > filter.lines->last)) return false;
  const auto found = [&](std::int64_t one) {
    return std::binary_search(filter.text->begin(), filter.text->end(), one);
  };
  return !filter.text || found(line) || found(first.row.rejected_row());
}

std::vector<std::uint32_t> arranged(const PairRows& rows, const PairFilter& filter, PairColumn by, bool descending,
                                    const std::stop_token& stop) {
  struct Key {
    double value;
    std::uint32_t row;
  };
  std::vector<Key> keys;
  const bool whole = filter.all();
  if (whole) keys.reserve(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if ((row & 0xFFFF) == 0 && stop.stop_requested()) return {};
    if (whole || passes(rows, row, filter)) keys.push_back({pair_number(rows, row, by), std::uint32_t(row)});
  }
  const auto undefined =
      std::stable_partition(keys.begin(), keys.end(), [](const Key& k) { return !std::isnan(k.value); });
  if (stop.stop_requested()) return {};
  std::sort(keys.begin(), undefined, [descending](const Key& a, const Key& b) {
    if (a.value != b.value) return descending ? a.value > b.value : a.value < b.value;
    return a.row < b.row;
  });
  std::vector<std::uint32_t> order(keys.size());
  std::transform(keys.begin(), keys.end(), order.begin(), [](const Key& key) { return key.row; });
  return order;
}

PairSearch parse_pair_search(const QString& typed) {
  static const QRegularExpression lines(QStringLiteral("^#\\s*(\\d{1,15})\\s*(?:[-–]\\s*(\\d{1,15})?)?$"));
  const QString text = typed.simplified();
  PairSearch search;
  if (text.isEmpty() || text == QLatin1String("#")) return search;
  const auto match = lines.match(text);
  if (!match.hasMatch()) {
    search.text = text;
    return search;
  }
  const qint64 first = match.captured(1).toLongLong() - 1;
  const bool open = text.endsWith(QLatin1Char('-')) || text.endsWith(QChar(0x2013));
  qint64 last = match.captured(2).isEmpty() ? first : match.captured(2).toLongLong() - 1;
  if (open) last = std::numeric_limits<qint64>::max();  // "#10-" is on its way to "#10-20"
  search.lines = PairFilter::Lines{std::min<qint64>(first, last), std::max<qint64>(first, last)};
  return search;
}

}  // namespace bandscope::app
