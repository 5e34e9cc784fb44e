// SPDX-License-Identifier: GPL-3.0-or-later
// The groups of a RunModel: which there are, what they are called, and how runs go from one to another.
#include <algorithm>
#include <map>

#include "app/base/plain_text.h"
#include "app/library/run_model_rows.h"

namespace bandscope::app {

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
  stand_servers();
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
  for (auto& [key, group] : made) groups_.push_back(std::move(group));
  endResetModel();
  stand_servers();
}

/// A server without runs has a group of its own all the same.
void RunModel::stand_servers() {
  if (grouping_ != Grouping::folder) return;
  remove_empty_groups();
  for (const auto& server : servers_) {
    const bool has_runs = std::any_of(groups_.begin(), groups_.end(),
                                      [&](const auto& group) { return server_of_group(group->key) == server; });
    if (!has_runs) group_for(server_group(server));
  }
}

void RunModel::setServers(const QStringList& servers, AboutServer about) {
  servers_ = servers;
  about_server_ = std::move(about);
  if (grouping_ != Grouping::folder) return;
  stand_servers();
  for (const auto& group : groups_) {
    if (!server_of_group(group->key).isEmpty())
      Q_EMIT dataChanged(index_of(*group), index_of(*group, column_total - 1));
  }
}

RunModel::ServerText RunModel::about(const Group& group) const {
  const QString server = grouping_ == Grouping::folder ? server_of_group(group.key) : QString();
  if (server.isEmpty()) return {group_title(group.key, grouping_), {}, {}};
  ServerText text = about_server_ ? about_server_(server) : ServerText{server, {}, {}};
  if (const QString folder = folder_of_group(group.key); !folder.isEmpty())
    text.title = QStringLiteral("%1 · %2").arg(text.title, folder);
  return text;
}

QVariant RunModel::group_data(const Group& group, int column, int role) const {
  if (role == GroupKeyRole) return group.key;
  if (column != Name && column != Progress) return {};
  const auto [title, state, tip] = about(group);
  if (column == Progress) {
    if (role == Qt::ToolTipRole) return plain_text(tip);
    return role == Qt::DisplayRole ? state : QVariant();
  }
  switch (role) {
    case Qt::DisplayRole:
      return tr("%1 (%2)").arg(title).arg(group.runs.size());
    case GroupTitleRole:
      return title;
    case Qt::ToolTipRole:
    case SortRole: {
      const bool folder = grouping_ == Grouping::folder && server_of_group(group.key).isEmpty();
      const QString text = folder ? group.key : title;
      if (role == SortRole) return text;
      return plain_text(tip.isEmpty() ? text : tip);
    }
    default:
      return {};
  }
}

}  // namespace bandscope::app
