// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/sweep_model.h"

#include <QStringList>
#include <cmath>
#include <limits>

#include "app/base/number_text.h"
#include "app/base/plain_text.h"
#include "app/page/words.h"

namespace bandscope::app {
SweepModel::SweepModel(QObject* parent) : QAbstractTableModel(parent) {}

void SweepModel::setTable(const viz::SweepTable& table, const QString& quantity, const QString& filter) {
  const viz::SweepFilter wanted(filter.toStdString());
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < table.rows.size(); ++i)
    if (wanted.accepts(table, table.rows[i])) rows.push_back(i);
  const auto names = [](const viz::SweepTable& of, const std::vector<std::size_t>& shown) {
    QStringList all;
    for (const std::size_t i : shown) all << words(of.rows[i].label) << words(of.rows[i].model);
    return all;
  };
  const bool same = names(table, rows) == names(table_, rows_) && table.quantities.empty() == table_.quantities.empty();
  if (!same) beginResetModel();
  table_ = table;
  rows_ = std::move(rows);
  quantity_ = table_.quantity(quantity.toStdString()).value_or(0);
  same ? retranslate() : endResetModel();
}

viz::SweepTable SweepModel::shown() const {
  viz::SweepTable part;
  part.quantities = table_.quantities;
  for (const std::size_t i : rows_) part.rows.push_back(table_.rows[i]);
  return part;
}

void SweepModel::retranslate() {
  Q_EMIT headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
  if (rowCount() > 0) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

int SweepModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() || table_.quantities.empty() ? 0 : int(rows_.size());
}
int SweepModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : Seeds + 1; }

const viz::SweepNumber* SweepModel::number(int row, int column) const {
  const viz::SweepCells& cells = table_.rows[rows_[std::size_t(row)]].cells[quantity_];
  switch (column) {
    case Without:
      return &cells.without;
    case With:
      return &cells.with;
    case Difference:
      return &cells.difference;
    default:
      return nullptr;
  }
}

QVariant SweepModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount() || index.column() >= columnCount()) return {};
  const viz::SweepRow& row = table_.rows[rows_[std::size_t(index.row())]];
  const int column = index.column();
  const viz::SweepNumber* cell = number(index.row(), column);
  if (role == Qt::TextAlignmentRole) return int((column <= Model ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
  if (role == sort_role) {
    if (cell) return std::isnan(cell->mean()) ? -std::numeric_limits<double>::infinity() : cell->mean();
    if (column == Seeds) return int(row.runs.size());
    return words(column == Objective ? row.label : row.model);
  }
  if (role == Qt::ToolTipRole && cell) {
    QStringList lines;
    for (const viz::RunPair& pair : row.runs) {
      const auto name = [](const viz::RunDataPtr& run) { return run ? words(run->name) : QStringLiteral("–"); };
      if (column != With) lines << name(pair.without);
      if (column != Without) lines << name(pair.with);
    }
    return plain_text(tr("%n run(s): %1", nullptr, int(cell->values.size())).arg(lines.join(QStringLiteral(", "))));
  }
  if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
  if (cell) return words(viz::sweep_text(*cell, table_.quantities[quantity_].percent, column == Difference));
  if (column == Seeds) return count_text(qint64(row.runs.size()));
  const QString name = words(column == Objective ? row.label : row.model);
  return role == Qt::ToolTipRole ? plain_text(name) : name;
}

QVariant SweepModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
  if (role == Qt::TextAlignmentRole) return int((section <= Model ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
  if (role == Qt::ToolTipRole && section == Difference) return tr("With minus without, of the runs of each pair");
  if (role == Qt::ToolTipRole && section == Seeds) return tr("Pairs of runs that differ in the seed alone");
  if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
  switch (section) {
    case Objective:
      return tr("Objective");
    case Model:
      return tr("Model");
    case Without:
      return tr("w/o RC");
    case With:
      return tr("w/ RC");
    case Difference:
      return QStringLiteral("Δ");
    default:
      return tr("Seeds");
  }
}

}  // namespace bandscope::app
