// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/natural_order.h"
#include "app/library/run_model.h"

namespace bandscope::app {

RunFilterModel::RunFilterModel(QObject* parent) : QSortFilterProxyModel(parent) {
  setSortRole(RunModel::SortRole);
  setRecursiveFilteringEnabled(true);
}

void RunFilterModel::setFilterText(const QString& text) {
  filter_ = RunFilter(text);
  invalidateFilter();
  if (rowCount() > 0) Q_EMIT dataChanged(index(0, RunModel::Name), index(rowCount() - 1, RunModel::Name));
}

QVariant RunFilterModel::data(const QModelIndex& index, int role) const {
  if (role == Qt::DisplayRole && index.isValid() && index.column() == RunModel::Name && !filter_.empty()) {
    const QVariant title = QSortFilterProxyModel::data(index, RunModel::GroupTitleRole);
    const int all = title.isValid() ? sourceModel()->rowCount(mapToSource(index)) : 0;
    if (all > 0)
      return tr("%1 (%2 of %3)", "group, its runs that match, all").arg(title.toString()).arg(rowCount(index)).arg(all);
  }
  return QSortFilterProxyModel::data(index, role);
}

bool RunFilterModel::filterAcceptsRow(int row, const QModelIndex& parent) const {
  if (filter_.empty()) return true;
  const auto* model = static_cast<const RunModel*>(sourceModel());
  const auto entry = model->entry(model->index(row, 0, parent));
  return entry && filter_.accepts(*entry);
}

bool RunFilterModel::lessThan(const QModelIndex& left, const QModelIndex& right) const {
  // Runs that belong to no group of this kind stand at the end.
  const QVariant left_key = left.data(RunModel::GroupKeyRole), right_key = right.data(RunModel::GroupKeyRole);
  if (left_key.isValid() && right_key.isValid() && left_key.toString().isEmpty() != right_key.toString().isEmpty()) {
    return (sortOrder() == Qt::AscendingOrder) == right_key.toString().isEmpty();
  }
  const QVariant a = left.data(RunModel::SortRole), b = right.data(RunModel::SortRole);
  if (a.userType() == QMetaType::Double && b.userType() == QMetaType::Double) {
    const double x = a.toDouble(), y = b.toDouble();
    if (x != y) return x < y;
  } else if (const int order = natural_compare(a.toString(), b.toString()); order != 0) {
    return order < 0;
  }
  return left.row() < right.row();
}

}  // namespace bandscope::app
