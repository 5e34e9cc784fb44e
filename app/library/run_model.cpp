// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/run_model.h"

#include <QFontMetrics>
#include <QGuiApplication>
#include <QSize>
#include <algorithm>
#include <map>
#include <set>

#include "app/library/run_cells.h"
#include "app/library/run_model_rows.h"

namespace bandscope::app {

RunModel::RunModel(QObject* parent) : QAbstractItemModel(parent) {}
RunModel::~RunModel() = default;

QModelIndex RunModel::index_of(const Node& node, int column) const {
  if (node.group) return createIndex(node.group->row_of(node), column, &node);
  if (flat()) return {};
  const auto at = std::find_if(groups_.begin(), groups_.end(), [&](const auto& group) { return group.get() == &node; });
  return createIndex(int(at - groups_.begin()), column, &node);
}

RunModel::Group& RunModel::group_for(const QString& key) {
  auto at = std::lower_bound(groups_.begin(), groups_.end(), key,
                             [](const auto& own, const QString& wanted) { return own->key < wanted; });
  if (at != groups_.end() && (*at)->key == key) return **at;
  const int row = int(at - groups_.begin());
  if (!flat()) beginInsertRows({}, row, row);
  auto made = std::make_unique<Group>();
  made->key = key;
  at = groups_.insert(at, std::move(made));
  if (!flat()) endInsertRows();
  return **at;
}

void RunModel::insert(const RunEntryPtr& entry, const QString& key) {
  auto& group = group_for(key);
  const auto at = group.place_of(entry->found.record);
  auto node = std::make_unique<Node>();
  node->group = &group;
  node->entry = entry;
  const int row = int(at - group.runs.begin());
  beginInsertRows(index_of(group), row, row);
  group.runs.insert(at, std::move(node));
  endInsertRows();
}

void RunModel::remove(Group& group, int row) {
  beginRemoveRows(index_of(group), row, row);
  group.runs.erase(group.runs.begin() + row);
  endRemoveRows();
}

void RunModel::remove_empty_groups() {
  for (int g = int(groups_.size()) - 1; g >= 0; --g) {
    if (!groups_[std::size_t(g)]->runs.empty()) continue;
    if (!flat()) beginRemoveRows({}, g, g);
    groups_.erase(groups_.begin() + g);
    if (!flat()) endRemoveRows();
  }
}

void RunModel::setRecords(const std::vector<FoundRecord>& records) {
  std::map<QString, const FoundRecord*> wanted, fresh;
  for (const auto& record : records) wanted.emplace(record.record, &record);
  fresh = wanted;
  for (auto& group : groups_) {
    for (int row = int(group->runs.size()) - 1; row >= 0; --row) {
      const QString record = group->runs[std::size_t(row)]->entry->found.record;
      fresh.erase(record);
      if (wanted.count(record) == 0) remove(*group, row);
    }
  }
  remove_empty_groups();
  for (const auto& [path, record] : fresh) {
    auto entry = std::make_shared<RunEntry>();
    entry->found = *record;
    for (const auto& key : group_keys(*entry, grouping_)) insert(entry, key);
  }
  stand_servers();
}

void RunModel::updateEntries(const std::vector<RunEntryPtr>& entries) {
  std::set<Group*> changed;
  std::vector<RunEntryPtr> strays;
  for (const auto& entry : entries) {
    QStringList own;
    for (auto* node : nodes(entry->found.record)) {
      node->entry = entry;
      own << node->group->key;
      changed.insert(node->group);
      Q_EMIT dataChanged(index_of(*node), index_of(*node, column_total - 1));
    }
    if (!own.isEmpty() && own != group_keys(*entry, grouping_)) strays.push_back(entry);
  }
  for (auto* group : changed) {
    if (!flat()) Q_EMIT dataChanged(index_of(*group), index_of(*group, column_total - 1));
  }
  if (!strays.empty()) place(strays);
}

std::vector<RunModel::Node*> RunModel::nodes(const QString& record) const {
  std::vector<Node*> found;
  for (const auto& group : groups_) {
    if (auto* node = group->find(record)) found.push_back(node);
  }
  return found;
}

RunEntryPtr RunModel::entry(const QModelIndex& index) const {
  return index.isValid() ? static_cast<const Node*>(index.internalPointer())->entry : nullptr;
}

QModelIndex RunModel::find(const QString& record) const {
  for (const auto& group : groups_) {
    if (const auto* node = group->find(record)) return index_of(*node);
  }
  return {};
}

std::vector<RunEntryPtr> RunModel::entries() const {
  std::map<QString, RunEntryPtr> once;
  for (const auto& group : groups_) {
    for (const auto& run : group->runs) once.emplace(run->entry->found.record, run->entry);
  }
  std::vector<RunEntryPtr> all;
  for (auto& [record, entry] : once) all.push_back(std::move(entry));
  return all;
}

int RunModel::runs() const {
  // Under several tags a run has several rows.
  if (grouping_ == Grouping::tag) return int(entries().size());
  int total = 0;
  for (const auto& group : groups_) total += int(group->runs.size());
  return total;
}

QStringList RunModel::tags() const {
  std::set<QString> tags;
  for (const auto& group : groups_) {
    for (const auto& run : group->runs) tags.insert(run->entry->labels.tags.begin(), run->entry->labels.tags.end());
  }
  return QStringList(tags.begin(), tags.end());
}

QModelIndex RunModel::index(int row, int column, const QModelIndex& parent) const {
  if (!hasIndex(row, column, parent)) return {};
  if (!parent.isValid() && !flat()) return createIndex(row, column, groups_[std::size_t(row)].get());
  const auto* group = parent.isValid() ? static_cast<const Group*>(static_cast<const Node*>(parent.internalPointer()))
                                       : groups_.front().get();
  return createIndex(row, column, group->runs[std::size_t(row)].get());
}

QModelIndex RunModel::parent(const QModelIndex& index) const {
  if (!index.isValid()) return {};
  const auto* node = static_cast<const Node*>(index.internalPointer());
  return node->group ? index_of(*node->group) : QModelIndex();
}

int RunModel::rowCount(const QModelIndex& parent) const {
  if (!parent.isValid()) {
    if (!flat()) return int(groups_.size());
    return groups_.empty() ? 0 : int(groups_.front()->runs.size());
  }
  const auto* node = static_cast<const Node*>(parent.internalPointer());
  if (node->group || parent.column() > 0) return 0;
  return int(static_cast<const Group*>(node)->runs.size());
}

int RunModel::columnCount(const QModelIndex&) const { return column_total; }

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

}  // namespace bandscope::app
