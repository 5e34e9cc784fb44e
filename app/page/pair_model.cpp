// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/pair_model.h"

#include <QIcon>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "app/base/color_scheme.h"
#include "app/base/number_text.h"
#include "app/base/plain_text.h"
#include "app/help/pathway_labels.h"
#include "app/page/pair_columns.h"
#include "app/page/pair_texts.h"

namespace bandscope::app {
namespace {

bool is_word(PairValue value) {
  return value == PairValue::text || value == PairValue::pathway || value == PairValue::band;
}

/// Changes and differences have a sign.
QString number_cell(double value, PairColumn column) {
  if (is_count(column.value)) return count_text(qint64(value));
  const int places = column.value == PairValue::d_w || column.value == PairValue::d_l ? 4 : 3;
  const bool signs =
      column.side == PairSide::difference || column.value == PairValue::change_w || column.value == PairValue::change_l;
  return signs ? signed_text(value, places) : number_text(value, places);
}

}  // namespace

PairModel::PairModel(QObject* parent) : QAbstractTableModel(parent), rows_(std::make_shared<const PairRows>()) {}

void PairModel::setRows(PairRowsPtr rows, std::vector<std::uint32_t> order) {
  if (order.size() == order_.size() && rows->both == rows_->both) {
    rows_ = std::move(rows);
    order_ = std::move(order);
    if (!order_.empty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    return;
  }
  beginResetModel();
  rows_ = std::move(rows);
  order_ = std::move(order);
  endResetModel();
}

void PairModel::setRows(const std::vector<PairRow>& rows) {
  auto made = std::make_shared<PairRows>();
  for (const auto& row : rows) made->first.push_back({.row = row});
  std::vector<std::uint32_t> order(rows.size());
  std::iota(order.begin(), order.end(), 0u);
  setRows(std::move(made), std::move(order));
}

void PairModel::setRuns(const QStringList& runs) {
  if (runs == runs_) return;
  runs_ = runs;
  Q_EMIT headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
}

void PairModel::setTexts(PairTexts* texts) {
  texts_ = texts;
  connect(texts, &PairTexts::changed, this, [this] {
    if (!order_.empty()) Q_EMIT dataChanged(index(0, Text), index(rowCount() - 1, Text), {Qt::DisplayRole});
  });
}

int PairModel::columnOf(PairColumn column) const {
  const auto& all = columns();
  const auto at = std::find(all.begin(), all.end(), column);
  return at == all.end() ? -1 : int(at - all.begin());
}

int PairModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : int(order_.size()); }
int PairModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : int(columns().size()); }

QVariant PairModel::text(std::int64_t line, int role) const {
  if (!texts_ || (role != Qt::DisplayRole && role != Qt::ToolTipRole)) return {};
  const auto preview = texts_->preview(line);
  const bool there = preview && !(preview->prompt.isEmpty() && preview->chosen.isEmpty());
  if (role == Qt::DisplayRole) {
    if (there) return preview->prompt + QStringLiteral(" ▸ ") + preview->chosen;
    return preview || !texts_->problem().isEmpty() ? QStringLiteral("–") : QStringLiteral("…");
  }
  if (!there) return preview ? tr("The data have no usable pair at this line.") : plain_text(texts_->problem());
  const auto line_of = [](const QString& title, const QString& text) {
    return QStringLiteral("<p><b>%1</b> %2</p>").arg(title, text.toHtmlEscaped());
  };
  return line_of(tr("Prompt"), preview->prompt) + line_of(tr("Chosen"), preview->chosen);
}

QVariant PairModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const std::size_t row = order_[std::size_t(index.row())];
  const PairColumn column = columns()[std::size_t(index.column())];
  const PairCells& cells = column.side == PairSide::second ? rows_->second[row] : rows_->first[row];
  if (role == Qt::TextAlignmentRole)
    return int((is_word(column.value) ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
  switch (column.value) {
    case PairValue::text:
      return text(cells.row.row, role);
    case PairValue::pathway:
      if (role == Qt::DisplayRole) return pathway_word(cells.pathway());
      if (role == Qt::ToolTipRole) return pathway_tip(cells.pathway());
      return role == Qt::DecorationRole ? QVariant(pathway_dot(cells.pathway(), chart_theme())) : QVariant();
    case PairValue::band:
      return role == Qt::DisplayRole ? QVariant(band_place_word(cells.band)) : QVariant();
    case PairValue::line:
      return role == Qt::DisplayRole ? QVariant(count_text(cells.row.row + 1)) : QVariant();
    default:
      return role == Qt::DisplayRole ? QVariant(number_cell(pair_number(*rows_, row, column), column)) : QVariant();
  }
}

QVariant PairModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
  const PairColumn column = columns()[std::size_t(section)];
  const QStringList runs = rows_->both ? runs_ : QStringList();
  switch (role) {
    case Qt::DisplayRole:
      return pair_column_name(column, runs);
    case Qt::ToolTipRole:
    case Qt::AccessibleDescriptionRole:
      if (const auto term = pair_value_term(column.value); term && runs.isEmpty())
        return role == Qt::ToolTipRole ? term_tip(*term) : term_description(*term);
      return pair_column_meaning(column, runs);
    case Qt::AccessibleTextRole:
      return pair_column_name(column, runs).simplified();
    case Qt::TextAlignmentRole:
      return int((is_word(column.value) ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    default:
      return {};
  }
}

void PairModel::sort(int column, Qt::SortOrder order) { Q_EMIT sortAsked(column, order); }

}  // namespace bandscope::app
