// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/run_model.h"

#include <QDir>
#include <QFontMetrics>
#include <QGuiApplication>
#include <QSize>
#include <algorithm>
#include <map>
#include <set>

#include "app/library/run_cells.h"

namespace bandscope::app {

/// Indexes point at nodes, whose addresses stay while rows move.
struct RunModel::Node {
  Group* group = nullptr;  ///< nullptr: this is a folder
  RunEntryPtr entry;
};

struct RunModel::Group : RunModel::Node {
  QString path;
  std::vector<std::unique_ptr<Node>> runs;
};

RunModel::RunModel(QObject* parent) : QAbstractItemModel(parent) {}
RunModel::~RunModel() = default;

QModelIndex RunModel::index_of(const Node& node, int column) const {
  if (!node.group) {
    const auto at =
        std::find_if(groups_.begin(), groups_.end(), [&](const auto& group) { return group.get() == &node; });
    return createIndex(int(at - groups_.begin()), column, &node);
  }
  const auto& runs = node.group->runs;
  const auto at = std::find_if(runs.begin(), runs.end(), [&](const auto& run) { return run.get() == &node; });
  return createIndex(int(at - runs.begin()), column, &node);
}

void RunModel::insert(const FoundRecord& record) {
  auto group = std::lower_bound(groups_.begin(), groups_.end(), record.group,
                                [](const auto& own, const QString& path) { return own->path < path; });
  if (group == groups_.end() || (*group)->path != record.group) {
    const int row = int(group - groups_.begin());
    beginInsertRows({}, row, row);
    auto made = std::make_unique<Group>();
    made->path = record.group;
    group = groups_.insert(group, std::move(made));
    endInsertRows();
  }
  auto& runs = (*group)->runs;
  auto entry = std::make_shared<RunEntry>();
  entry->found = record;
  auto node = std::make_unique<Node>();
  node->group = group->get();
  node->entry = std::move(entry);
  const auto place =
      std::lower_bound(runs.begin(), runs.end(), record.record,
                       [](const auto& own, const QString& path) { return own->entry->found.record < path; });
  const int row = int(place - runs.begin());
  beginInsertRows(index_of(**group), row, row);
  runs.insert(place, std::move(node));
  endInsertRows();
}

void RunModel::remove(Group& group, int row) {
  beginRemoveRows(index_of(group), row, row);
  group.runs.erase(group.runs.begin() + row);
  endRemoveRows();
}

void RunModel::setRecords(const std::vector<FoundRecord>& records) {
  std::map<QString, const FoundRecord*> wanted;
  for (const auto& record : records) wanted.emplace(record.record, &record);
  for (int g = int(groups_.size()) - 1; g >= 0; --g) {
    auto& group = *groups_[std::size_t(g)];
    for (int row = int(group.runs.size()) - 1; row >= 0; --row) {
      // What stays needs no insertion below.
      if (wanted.erase(group.runs[std::size_t(row)]->entry->found.record) == 0) remove(group, row);
    }
    if (group.runs.empty()) {
      beginRemoveRows({}, g, g);
      groups_.erase(groups_.begin() + g);
      endRemoveRows();
    }
  }
  for (const auto& [path, record] : wanted) insert(*record);
}

void RunModel::updateEntries(const std::vector<RunEntryPtr>& entries) {
  std::set<Group*> changed;
  for (const auto& entry : entries) {
    const QModelIndex at = find(entry->found.record);
    if (!at.isValid()) continue;  // left the list meanwhile
    auto* node = static_cast<Node*>(at.internalPointer());
    node->entry = entry;
    changed.insert(node->group);
    Q_EMIT dataChanged(at, at.siblingAtColumn(column_total - 1));
  }
  for (auto* group : changed) Q_EMIT dataChanged(index_of(*group), index_of(*group, column_total - 1));
}

RunEntryPtr RunModel::entry(const QModelIndex& index) const {
  return index.isValid() ? static_cast<const Node*>(index.internalPointer())->entry : nullptr;
}

QModelIndex RunModel::find(const QString& record) const {
  for (const auto& group : groups_) {
    const auto place =
        std::lower_bound(group->runs.begin(), group->runs.end(), record,
                         [](const auto& own, const QString& path) { return own->entry->found.record < path; });
    if (place != group->runs.end() && (*place)->entry->found.record == record) {
      return createIndex(int(place - group->runs.begin()), 0, place->get());
    }
  }
  return {};
}

std::vector<RunEntryPtr> RunModel::entries() const {
  std::vector<RunEntryPtr> all;
  for (const auto& group : groups_) {
    for (const auto& run : group->runs) all.push_back(run->entry);
  }
  return all;
}

int RunModel::runs() const {
  int total = 0;
  for (const auto& group : groups_) total += int(group->runs.size());
  return total;
}

QModelIndex RunModel::index(int row, int column, const QModelIndex& parent) const {
  if (!hasIndex(row, column, parent)) return {};
  if (!parent.isValid()) return createIndex(row, column, groups_[std::size_t(row)].get());
  const auto* group = static_cast<const Group*>(static_cast<const Node*>(parent.internalPointer()));
  return createIndex(row, column, group->runs[std::size_t(row)].get());
}

QModelIndex RunModel::parent(const QModelIndex& index) const {
  if (!index.isValid()) return {};
  const auto* node = static_cast<const Node*>(index.internalPointer());
  return node->group ? index_of(*node->group) : QModelIndex();
}

int RunModel::rowCount(const QModelIndex& parent) const {
  if (!parent.isValid()) return int(groups_.size());
  const auto* node = static_cast<const Node*>(parent.internalPointer());
  if (node->group || parent.column() > 0) return 0;
  return int(static_cast<const Group*>(node)->runs.size());
}

int RunModel::columnCount(const QModelIndex&) const { return column_total; }

QVariant RunModel::group_data(const Group& group, int column, int role) const {
  if (column != Name) return {};
  switch (role) {
    case Qt::DisplayRole:
      return tr("%1 (%2)").arg(QDir(group.path).dirName()).arg(group.runs.size());
    case Qt::ToolTipRole:
      return group.path;
    case SortRole:
      return group.path;
    default:
      return {};
  }
}

QVariant RunModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  if (role == Qt::SizeHintRole) return QSize(0, QFontMetrics(QGuiApplication::font()).height() + 8);
  const auto* node = static_cast<const Node*>(index.internalPointer());
  if (!node->group) return group_data(*static_cast<const Group*>(node), index.column(), role);
  return run_cell(*node->entry, Column(index.column()), role);
}

QVariant RunModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= column_total) return {};
  return run_header(Column(section), role);
}

RunFilterModel::RunFilterModel(QObject* parent) : QSortFilterProxyModel(parent) {
  setSortRole(RunModel::SortRole);
  setRecursiveFilteringEnabled(true);
}

void RunFilterModel::setFilterText(const QString& text) {
  filter_ = RunFilter(text);
  invalidateFilter();
}

bool RunFilterModel::filterAcceptsRow(int row, const QModelIndex& parent) const {
  if (filter_.empty()) return true;
  const auto* model = static_cast<const RunModel*>(sourceModel());
  const auto entry = model->entry(model->index(row, 0, parent));
  return entry && filter_.accepts(*entry);
}

bool RunFilterModel::lessThan(const QModelIndex& left, const QModelIndex& right) const {
  const QVariant a = left.data(RunModel::SortRole), b = right.data(RunModel::SortRole);
  if (a.userType() == QMetaType::Double && b.userType() == QMetaType::Double) {
    const double x = a.toDouble(), y = b.toDouble();
    if (x != y) return x < y;
  } else if (const int order = QString::localeAwareCompare(a.toString(), b.toString()); order != 0) {
    return order < 0;
  }
  return left.row() < right.row();
}

}  // namespace bandscope::app
