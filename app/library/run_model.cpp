// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/run_model.h"

#include <QFontMetrics>
#include <QGuiApplication>
#include <QSize>
#include <algorithm>
#include <map>
#include <set>

#include "app/base/plain_text.h"
#include "app/library/run_cells.h"

namespace bandscope::app {

/// Indexes point at nodes, whose addresses stay while rows move.
struct RunModel::Node {
  Group* group = nullptr;  ///< nullptr: this is a group
  RunEntryPtr entry;
};

struct RunModel::Group : RunModel::Node {
  QString key;
  std::vector<std::unique_ptr<Node>> runs;  ///< sorted by record

  auto place_of(const QString& record) {
    return std::lower_bound(runs.begin(), runs.end(), record,
                            [](const auto& own, const QString& path) { return own->entry->found.record < path; });
  }
  Node* find(const QString& record) {
    const auto at = place_of(record);
    return at != runs.end() && (*at)->entry->found.record == record ? at->get() : nullptr;
  }
  int row_of(const Node& node) const {
    const auto at = std::find_if(runs.begin(), runs.end(), [&](const auto& run) { return run.get() == &node; });
    return int(at - runs.begin());
  }
};

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
    if (!groups_[std::size_t(g)]->runs.empty() || standing(groups_[std::size_t(g)]->key)) continue;
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

/// Runs whose groups are others now. A row that has a new group is moved there; what is selected stays selected.
void RunModel::place(const std::vector<RunEntryPtr>& strays) {
  Moves moves;
  std::vector<Node*> extra;
  std::vector<std::pair<RunEntryPtr, QString>> missing;
  for (const auto& entry : strays) {
    QStringList wanted = group_keys(*entry, grouping_);
    std::vector<Node*> homeless;
    for (auto* node : nodes(entry->found.record)) {
      if (wanted.removeAll(node->group->key) == 0) homeless.push_back(node);
    }
    for (auto* node : homeless) {
      if (wanted.isEmpty()) {
        extra.push_back(node);
      } else {
        moves.emplace_back(node, &group_for(wanted.takeFirst()));
      }
    }
    for (const auto& key : wanted) missing.emplace_back(entry, key);
  }
  relocate(moves);
  for (auto* node : extra) remove(*node->group, node->group->row_of(*node));
  for (const auto& [entry, key] : missing) insert(entry, key);
  remove_empty_groups();
}

/// Puts nodes into the groups given (with `entries`: with another entry each), in one change of the layout.
void RunModel::relocate(const Moves& moves, const std::vector<RunEntryPtr>& entries) {
  if (moves.empty()) return;
  Q_EMIT layoutAboutToBeChanged();
  const auto before = persistentIndexList();
  for (std::size_t i = 0; i < moves.size(); ++i) {
    auto [node, to] = moves[i];
    auto& runs = node->group->runs;
    const auto at = runs.begin() + node->group->row_of(*node);
    auto held = std::move(*at);
    runs.erase(at);
    if (!entries.empty()) held->entry = entries[i];
    held->group = to;
    const auto place = to->place_of(held->entry->found.record);
    to->runs.insert(place, std::move(held));
  }
  QModelIndexList after;
  for (const auto& index : before) {
    after << index_of(*static_cast<const Node*>(index.internalPointer()), index.column());
  }
  changePersistentIndexList(before, after);
  Q_EMIT layoutChanged();
}

void RunModel::renamed(const QString& record, const FoundRecord& now) {
  Moves moves;
  std::vector<RunEntryPtr> entries;
  for (auto* node : nodes(record)) {
    auto entry = std::make_shared<RunEntry>(*node->entry);
    entry->found = now;
    moves.emplace_back(node, node->group);
    entries.push_back(std::move(entry));
  }
  relocate(moves, entries);
  for (const auto& [node, group] : moves) Q_EMIT dataChanged(index_of(*node), index_of(*node, column_total - 1));
}

void RunModel::setGrouping(Grouping grouping) {
  if (grouping == grouping_) return;
  const auto all = entries();
  beginResetModel();
  grouping_ = grouping;
  groups_.clear();
  std::map<QString, std::unique_ptr<Group>> made;
  // In the order of records, so that each group is sorted.
  for (const auto& entry : all) {
    for (const auto& key : group_keys(*entry, grouping_)) {
      auto& group = made[key];
      if (!group) group = std::make_unique<Group>();
      group->key = key;
      auto node = std::make_unique<Node>();
      node->group = group.get();
      node->entry = entry;
      group->runs.push_back(std::move(node));
    }
  }
  if (grouping_ == Grouping::folder) {
    for (const auto& server : servers_) {
      auto& group = made[server_group(server)];
      if (!group) group = std::make_unique<Group>();
      group->key = server_group(server);
    }
  }
  for (auto& [key, group] : made) groups_.push_back(std::move(group));
  endResetModel();
}

bool RunModel::standing(const QString& key) const {
  return grouping_ == Grouping::folder && servers_.contains(server_of_group(key));
}

void RunModel::setServers(const QStringList& servers, ServerTitle title) {
  servers_ = servers;
  server_title_ = std::move(title);
  if (grouping_ != Grouping::folder) return;
  for (const auto& server : servers) group_for(server_group(server));
  remove_empty_groups();
  for (const auto& group : groups_) {
    if (!server_of_group(group->key).isEmpty())
      Q_EMIT dataChanged(index_of(*group), index_of(*group, column_total - 1));
  }
}

QString RunModel::title_of(const Group& group) const {
  const QString server = grouping_ == Grouping::folder ? server_of_group(group.key) : QString();
  if (server.isEmpty()) return group_title(group.key, grouping_);
  return server_title_ ? server_title_(server) : server;
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

QVariant RunModel::group_data(const Group& group, int column, int role) const {
  if (role == GroupKeyRole) return group.key;
  if (column != Name) return {};
  const QString title = title_of(group);
  switch (role) {
    case Qt::DisplayRole:
      return tr("%1 (%2)").arg(title).arg(group.runs.size());
    case GroupTitleRole:
      return title;
    case Qt::ToolTipRole:
    case SortRole: {
      const bool folder = grouping_ == Grouping::folder && server_of_group(group.key).isEmpty();
      const QString text = folder ? group.key : title;
      return role == SortRole ? text : plain_text(text);
    }
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

}  // namespace bandscope::app
