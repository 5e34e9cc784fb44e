// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/draw/strip_words.h"

#include <QRegularExpression>
#include <cmath>

namespace bandscope::viz {
namespace {

QString percent(const std::optional<double>& share) {
  return share ? QString::number(std::lround(*share * 100)) + QStringLiteral(" %") : QStringLiteral("–");
}

StripLine of_each(const Strip& strip, const std::vector<StripPlan>& plans, const QString& words) {
  StripLine line;
  for (std::size_t i = 0; i < strip.rows.size() && i < plans.size(); i += 2) {
    if (strip.rows[i].agreement.empty()) {
      line.push_back({strip.rows[i].hue, QString::fromStdString(strip.short_note)});
      continue;
    }
    QString own = words;
    own.replace(QStringLiteral("%1"), percent(plans[i].agreement_in_view));
    own.replace(QStringLiteral("%2"), percent(plans[i].agreement_of_all));
    line.push_back({strip.rows[i].hue, own});
  }
  return line;
}

/// The words once for all runs, behind the shares or before them, as the language has them.
StripLine once(const Strip& strip, const std::vector<StripPlan>& plans, const QString& words) {
  StripLine line = of_each(strip, plans, QStringLiteral("%1"));
  const auto at = words.indexOf(QLatin1String("%1"));
  const QString before = words.left(at).trimmed(), after = words.mid(at + 2).trimmed();
  if (!after.isEmpty() && !line.empty()) line.back().words += QLatin1Char(' ') + after;
  if (!before.isEmpty()) line.insert(line.begin(), {QColor(), before});
  return line;
}

}  // namespace

std::vector<StripLine> agreement_forms(const Strip& strip, const std::vector<StripPlan>& plans) {
  bool any = false;
  for (const StripRow& row : strip.rows) any = any || !row.agreement.empty();
  if (!any) {
    return {{{QColor(), QString::fromStdString(strip.note)}}, {{QColor(), QString::fromStdString(strip.short_note)}}};
  }
  const QString whole = QString::fromStdString(strip.agreement_text);
  const QString in_view = whole.left(whole.indexOf(QRegularExpression(QStringLiteral("[,，]"))));
  return {of_each(strip, plans, whole), of_each(strip, plans, in_view), once(strip, plans, in_view),
          of_each(strip, plans, QStringLiteral("%1"))};
}

double words_width(const StripLine& line, const Metrics& metrics) {
  double width = -1.2 * metrics.font;
  for (const StripWords& said : line) {
    width += (said.hue.isValid() ? 2.2 : 1.2) * metrics.font + metrics.text.width(said.words, metrics.font * 0.95);
  }
  return width;
}

double least_words_width(const Strip& strip, const Metrics& metrics) {
  std::vector<StripPlan> plans(strip.rows.size());
  for (StripPlan& plan : plans) plan.agreement_in_view = plan.agreement_of_all = 1;
  const auto forms = agreement_forms(strip, plans);
  return words_width(forms[std::min<std::size_t>(2, forms.size() - 1)], metrics);
}

double strip_words_line(const Metrics& metrics) { return metrics.font * 1.35; }

}  // namespace bandscope::viz
