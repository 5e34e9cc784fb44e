// SPDX-License-Identifier: GPL-3.0-or-later
// The run library as a tree: folders of runs, and their runs. Only rows that changed are announced, so that selection,
// scroll position and open folders stay while runs are live.
#pragma once

#include <QAbstractItemModel>
#include <QSortFilterProxyModel>
#include <memory>
#include <vector>

#include "app/library/run_entry.h"
#include "app/library/run_filter.h"

namespace bandscope::app {

class RunModel : public QAbstractItemModel {
  Q_OBJECT

 public:
  enum Column { Name, Progress, Objective, Rc, Model, Data, Step, InBand, ProbeZw, ProbeMargin, Alerts, column_total };
  enum Role { EntryRole = Qt::UserRole, SortRole };

  explicit RunModel(QObject* parent = nullptr);
  ~RunModel() override;

  void setRecords(const std::vector<FoundRecord>& records);
  void updateEntries(const std::vector<RunEntryPtr>& entries);

  /// nullptr for a folder.
  RunEntryPtr entry(const QModelIndex& index) const;
  QModelIndex find(const QString& record) const;
  std::vector<RunEntryPtr> entries() const;
  int runs() const;

  QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
  QModelIndex parent(const QModelIndex& index) const override;
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  struct Group;
  struct Node;
  void insert(const FoundRecord& record);
  void remove(Group& group, int row);
  QModelIndex index_of(const Node& node, int column = 0) const;
  QVariant group_data(const Group& group, int column, int role) const;

  std::vector<std::unique_ptr<Group>> groups_;
};

/// Sorted and filtered by a RunFilter; folders stay while a run in them is accepted.
class RunFilterModel : public QSortFilterProxyModel {
  Q_OBJECT

 public:
  explicit RunFilterModel(QObject* parent = nullptr);
  void setFilterText(const QString& text);

 protected:
  bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
  bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

 private:
  RunFilter filter_;
};

}  // namespace bandscope::app
