// SPDX-License-Identifier: GPL-3.0-or-later
// The run library as a tree: groups of runs (folders, objectives, tags, …) and their runs. Only rows that changed are
// announced, so that selection, scroll position and open groups stay while runs are live.
#pragma once

#include <QAbstractItemModel>
#include <QSortFilterProxyModel>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "app/library/run_entry.h"
#include "app/library/run_filter.h"
#include "app/library/run_grouping.h"

namespace bandscope::app {

class RunModel : public QAbstractItemModel {
  Q_OBJECT

 public:
  enum Column {
    Name,
    Star,
    Progress,
    Objective,
    Rc,
    Model,
    Data,
    Step,
    Eta,
    InBand,
    ProbeZw,
    ProbeMargin,
    Alerts,
    Tags,
    Note,
    column_total
  };
  /// GroupTitleRole: a group without the number of its runs.
  enum Role { SortRole = Qt::UserRole, GroupKeyRole, GroupTitleRole };

  explicit RunModel(QObject* parent = nullptr);
  ~RunModel() override;

  void setRecords(const std::vector<FoundRecord>& records);
  void updateEntries(const std::vector<RunEntryPtr>& entries);
  /// The same run under another name: its row stays the row it was, for selection and scroll position.
  void renamed(const QString& record, const FoundRecord& now);
  /// Puts the runs together in another way. The one change that resets views: the user asked for another tree.
  void setGrouping(Grouping grouping);
  Grouping grouping() const { return grouping_; }

  /// Servers whose groups are there with or without runs, and what the tree says of each, by its id. Called again when
  /// that is something else.
  struct ServerText {
    QString title;
    QString state;  ///< empty: it is as it should be
    QString tip;    ///< empty: nothing is to be said
  };
  using AboutServer = std::function<ServerText(const QString& server)>;
  void setServers(const QStringList& servers, AboutServer about);

  /// nullptr for a group.
  RunEntryPtr entry(const QModelIndex& index) const;
  /// The run's first row (by tags it may have several).
  QModelIndex find(const QString& record) const;
  /// Every run once.
  std::vector<RunEntryPtr> entries() const;
  int runs() const;
  /// All tags in use, sorted.
  QStringList tags() const;

  QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
  QModelIndex parent(const QModelIndex& index) const override;
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  struct Group;
  struct Node;
  using Moves = std::vector<std::pair<Node*, Group*>>;

  Group& group_for(const QString& key);
  void insert(const RunEntryPtr& entry, const QString& key);
  void remove(Group& group, int row);
  void place(const std::vector<RunEntryPtr>& strays);
  void relocate(const Moves& moves, const std::vector<RunEntryPtr>& entries = {});
  void remove_empty_groups();
  std::vector<Node*> nodes(const QString& record) const;
  bool flat() const { return grouping_ == Grouping::none; }
  QModelIndex index_of(const Node& node, int column = 0) const;
  QVariant group_data(const Group& group, int column, int role) const;
  ServerText about(const Group& group) const;
  void stand_servers();

  Grouping grouping_ = Grouping::folder;
  QStringList servers_;
  AboutServer about_server_;
  std::vector<std::unique_ptr<Group>> groups_;  ///< sorted by key; one that is not shown where nothing is grouped
};

/// Sorted and filtered by a RunFilter; groups stay while a run in them is accepted.
class RunFilterModel : public QSortFilterProxyModel {
  Q_OBJECT

 public:
  explicit RunFilterModel(QObject* parent = nullptr);
  void setFilterText(const QString& text);
  /// Groups say how many of their runs the filter lets through.
  QVariant data(const QModelIndex& index, int role) const override;

 protected:
  bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
  bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

 private:
  RunFilter filter_;
};

}  // namespace bandscope::app
