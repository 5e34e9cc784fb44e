// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/pair_columns.h"

#include "app/page/pair_model.h"

namespace bandscope::app {

QString pair_value_name(PairValue value) {
  switch (value) {
    case PairValue::line:
      return PairModel::tr("Line");
    case PairValue::text:
      return PairModel::tr("Text");
    case PairValue::change_w:
      return PairModel::tr("z_w − ref");
    case PairValue::change_l:
      return PairModel::tr("z_l − ref");
    case PairValue::pathway:
      return PairModel::tr("Pathway");
    case PairValue::margin:
      return PairModel::tr("Margin");
    case PairValue::log_r:
      return QStringLiteral("log r");
    case PairValue::band:
      return PairModel::tr("Band");
    case PairValue::tokens_w:
      return QStringLiteral("|y_w|");
    case PairValue::tokens_l:
      return QStringLiteral("|y_l|");
    case PairValue::step:
      return PairModel::tr("Step");
    case PairValue::z_w:
    case PairValue::z_l:
    case PairValue::d_w:
    case PairValue::d_l:
      break;
  }
  return QString::fromLatin1(pair_value_key(value));
}

std::optional<Term> pair_value_term(PairValue value) {
  switch (value) {
    case PairValue::z_w:
      return Term::z_w;
    case PairValue::z_l:
      return Term::z_l;
    case PairValue::margin:
      return Term::margin;
    case PairValue::d_w:
    case PairValue::d_l:
      return Term::incentives;
    default:
      return std::nullopt;
  }
}

QString pair_value_meaning(PairValue value) {
  if (const auto term = pair_value_term(value)) return term_entry(*term).name;
  switch (value) {
    case PairValue::line:
      return PairModel::tr("Line of the data file, from 1");
    case PairValue::text:
      return PairModel::tr("Where the prompt and the chosen response begin, from the run's data; sorted by line");
    case PairValue::change_w:
      return PairModel::tr("Chosen: change from the reference, nats");
    case PairValue::change_l:
      return PairModel::tr("Rejected: change from the reference, nats");
    case PairValue::pathway:
      return PairModel::tr("Pathway of the change from the reference");
    case PairValue::log_r:
      return PairModel::tr("Applied ratio of the pair's incentives: log d_w − log d_l + 2 log α of its step");
    case PairValue::band:
      return PairModel::tr("Whether the pair's log r is in the disentanglement band of its step");
    case PairValue::tokens_w:
      return PairModel::tr("Tokens of the chosen response");
    case PairValue::tokens_l:
      return PairModel::tr("Tokens of the rejected response");
    case PairValue::step:
      return PairModel::tr("Optimizer step that trained on the pair");
    case PairValue::z_w:
    case PairValue::z_l:
    case PairValue::margin:
    case PairValue::d_w:
    case PairValue::d_l:
      break;  // terms
  }
  return {};
}

QString band_place_word(BandPlace place) {
  switch (place) {
    case BandPlace::in:
      return PairModel::tr("in");
    case BandPlace::below:
      return PairModel::tr("below");
    case BandPlace::above:
      return PairModel::tr("above");
    case BandPlace::undefined:
      break;
  }
  return QStringLiteral("–");
}

QString pair_column_name(PairColumn column, const QStringList& runs) {
  const QString name = pair_value_name(column.value);
  const bool shared = column.value == PairValue::line || column.value == PairValue::text;
  if (runs.size() < 2 || shared) return name;
  if (column.side == PairSide::difference) return QStringLiteral("Δ %1").arg(name) + QLatin1Char('\n');
  return name + QLatin1Char('\n') + runs[column.side == PairSide::second ? 1 : 0];
}

QString pair_column_meaning(PairColumn column, const QStringList& runs) {
  const QString meaning = pair_value_meaning(column.value);
  const bool shared = column.value == PairValue::line || column.value == PairValue::text;
  if (runs.size() < 2 || shared) return meaning;
  if (column.side == PairSide::difference) return PairModel::tr("%1: %3 minus %2").arg(meaning, runs[0], runs[1]);
  return PairModel::tr("%1, of %2").arg(meaning, runs[column.side == PairSide::second ? 1 : 0]);
}

QString pair_column_key(PairColumn column, const QStringList& runs) {
  const QString key = QString::fromLatin1(pair_value_key(column.value));
  const bool shared = column.value == PairValue::line || column.value == PairValue::text;
  if (runs.size() < 2 || shared) return key;
  if (column.side == PairSide::difference) return QStringLiteral("difference/") + key;
  return runs[column.side == PairSide::second ? 1 : 0] + QLatin1Char('/') + key;
}

}  // namespace bandscope::app
