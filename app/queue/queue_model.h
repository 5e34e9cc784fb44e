// SPDX-License-Identifier: GPL-3.0-or-later
// The queue as a list: name and what it waits for. Rows are moved, not reset; dropping asks for another order.
#pragma once

#include <QAbstractTableModel>
#include <functional>
#include <vector>

#include "app/library/run_entry.h"
#include "app/queue/queued_run.h"

namespace bandscope::app {

class RunQueue;

class QueueModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Name, Status, column_total };

  explicit QueueModel(RunQueue* queue, QObject* parent = nullptr);

  /// Where the state of a run that has a record comes from: the library's entry, so that both say the same.
  void setEntries(std::function<RunEntryPtr(const QString& record)> entry_of) { entry_of_ = std::move(entry_of); }
  /// The library has read runs again.
  void refreshStates();

  const QueuedRun* run(const QModelIndex& index) const;
  QModelIndex find(const QString& id) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;
  Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
  QStringList mimeTypes() const override;
  QMimeData* mimeData(const QModelIndexList& indexes) const override;
  bool dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                    const QModelIndex& parent) override;

 Q_SIGNALS:
  /// These runs were dropped before the run `before` (empty: at the end).
  void dropped(const QStringList& ids, const QString& before);

 private:
  void refresh();
  RunEntryPtr entry(const QueuedRun& run) const;
  QString status(const QueuedRun& run) const;

  RunQueue* queue_;
  std::vector<QueuedRun> rows_;
  std::function<RunEntryPtr(const QString&)> entry_of_;
};

}  // namespace bandscope::app
