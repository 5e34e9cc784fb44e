// SPDX-License-Identifier: GPL-3.0-or-later
#include <QString>
#include <QStringList>
#include <algorithm>
#include <array>
#include <cmath>

#include "viz/figure/sweep_table.h"

namespace bandscope::viz {
namespace {

/// The longer ones first: "<=" is no "<".
constexpr std::array kSigns = {"<=", ">=", "!=", "<", ">", "="};
constexpr std::array kSides = {"without", "with", "difference"};

bool holds(double value, const std::string& sign, double number) {
  if (std::isnan(value)) return false;
  if (sign == "<") return value < number;
  if (sign == "<=") return value <= number;
  if (sign == ">") return value > number;
  if (sign == ">=") return value >= number;
  return (value == number) == (sign == "=");
}

}  // namespace

SweepFilter::SweepFilter(const std::string& text) {
  for (const QString& part : QString::fromStdString(text).simplified().split(u' ', Qt::SkipEmptyParts)) {
    qsizetype at = -1;
    QString sign;
    for (const char* candidate : kSigns) {
      at = part.indexOf(QLatin1String(candidate));
      sign = QLatin1String(candidate);
      if (at >= 0) break;
    }
    if (at <= 0) {
      words_.push_back(part.toStdString());
      continue;
    }
    bool is_number = false;
    QString digits = part.mid(at + sign.size());
    digits.replace(QChar(0x2212), u'-');
    if (digits.endsWith(u'%')) digits.chop(1);
    const double number = digits.toDouble(&is_number);
    if (!is_number) continue;  // as while it is typed
    Term term{part.left(at).toStdString(), {}, sign.toStdString(), number};
    for (const char* side : kSides) {
      const QString ending = u'.' + QLatin1String(side);
      if (!QString::fromStdString(term.name).endsWith(ending)) continue;
      term.name = part.left(at).chopped(ending.size()).toStdString();
      term.side = side;
      break;
    }
    terms_.push_back(std::move(term));
  }
}

std::vector<std::string> SweepFilter::unknown(const SweepTable& table) const {
  std::vector<std::string> names;
  for (const Term& term : terms_)
    if (!table.quantity(term.name)) names.push_back(term.name);
  return names;
}

bool SweepFilter::accepts(const SweepTable& table, const SweepRow& row) const {
  const QString all = QString::fromStdString(row.label + " " + row.model);
  for (const std::string& word : words_)
    if (!all.contains(QString::fromStdString(word), Qt::CaseInsensitive)) return false;
  return std::ranges::all_of(terms_, [&](const Term& term) {
    const auto at = table.quantity(term.name);
    if (!at) return false;
    const SweepCells& cells = row.cells[*at];
    const auto fits = [&](const SweepNumber& number) { return holds(number.mean(), term.sign, term.number); };
    if (term.side == "without") return fits(cells.without);
    if (term.side == "with") return fits(cells.with);
    if (term.side == "difference") return fits(cells.difference);
    return fits(cells.without) || fits(cells.with);
  });
}

}  // namespace bandscope::viz
