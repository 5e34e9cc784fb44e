// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/run_filter.h"

#include <QRegularExpression>

namespace bandscope::app {
namespace {

bool value_matches(const QString& value, const QString& wanted) {
  if (wanted.endsWith(QLatin1Char('*'))) return value.startsWith(wanted.chopped(1), Qt::CaseInsensitive);
  if (value.compare(wanted, Qt::CaseInsensitive) == 0) return true;
  bool first = false, second = false;
  const double a = value.toDouble(&first), b = wanted.toDouble(&second);
  return first && second && a == b;
}

bool key_matches(const QString& key, const QString& wanted) {
  return key == wanted || key.endsWith(QLatin1Char('.') + wanted) || key == wanted + QLatin1String(".name") ||
         key == wanted + QLatin1String(".enabled");
}

bool has_term(const RunEntry& entry, const QString& wanted, const QString& value) {
  if (wanted == QLatin1String("state")) {
    return value_matches(QString::fromUtf8(to_string(entry.state).data()), value) ||
           value_matches(state_word(entry.state), value);
  }
  if (wanted == QLatin1String("rc"))
    return value_matches(entry.calibrated ? QStringLiteral("true") : QStringLiteral("false"), value);
  if (wanted == QLatin1String("tag")) {
    for (const auto& tag : entry.labels.tags) {
      if (value_matches(tag, value)) return true;
    }
    return false;
  }
  if (wanted == QLatin1String("starred"))
    return value_matches(entry.labels.starred ? QStringLiteral("true") : QStringLiteral("false"), value);
  for (const auto& [key, own] : entry.config) {
    if (key_matches(key, wanted) && value_matches(own, value)) return true;
  }
  return false;
}

}  // namespace

RunFilter::RunFilter(const QString& text) {
  static const QRegularExpression spaces(QStringLiteral("\\s+"));
  for (const auto& part : text.split(spaces, Qt::SkipEmptyParts)) {
    const auto sign = part.indexOf(QLatin1Char('='));
    if (sign > 0) {
      const QString value = part.mid(sign + 1);
      // While the value is still being typed every run may match.
      if (!value.isEmpty()) terms_.push_back({part.left(sign).toLower(), value});
    } else {
      words_ << part;
    }
  }
}

bool RunFilter::accepts(const RunEntry& entry) const {
  for (const auto& word : words_) {
    const bool found =
        entry.found.name.contains(word, Qt::CaseInsensitive) || entry.objective.contains(word, Qt::CaseInsensitive) ||
        entry.model.contains(word, Qt::CaseInsensitive) || entry.data.contains(word, Qt::CaseInsensitive) ||
        state_word(entry.state).contains(word, Qt::CaseInsensitive) ||
        entry.labels.note.contains(word, Qt::CaseInsensitive) ||
        !entry.labels.tags.filter(word, Qt::CaseInsensitive).isEmpty();
    if (!found) return false;
  }
  for (const auto& term : terms_) {
    if (!has_term(entry, term.key, term.value)) return false;
  }
  return true;
}

}  // namespace bandscope::app
