// SPDX-License-Identifier: GPL-3.0-or-later
// What lies in a folder of a server, a page at a time as it is looked at: name, kind, size, and when it was changed.
#pragma once

#include <QAbstractTableModel>
#include <QDateTime>
#include <QPointer>
#include <vector>

#include "app/server/server_paths.h"

namespace bandscope::app {

class RemoteFolderModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { name_column, kind_column, size_column, changed_column, column_count };
  enum class Phase { asking, there, failed };
  struct Item {
    QString name;
    bool folder = false, model = false;
    qint64 bytes = 0;
    QDateTime changed;
  };

  explicit RemoteFolderModel(ServerLink* server, QObject* parent = nullptr);

  /// Lists this folder from its beginning; `phaseChanged` tells how that goes.
  void list(const RootedPath& folder);
  const RootedPath& folder() const { return folder_; }
  Phase phase() const { return phase_; }
  const Message& problem() const { return problem_; }  ///< why it failed
  const Item& item(int row) const { return items_[std::size_t(row)]; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  bool canFetchMore(const QModelIndex& parent) const override;
  void fetchMore(const QModelIndex& parent) override;

 Q_SIGNALS:
  void phaseChanged();

 private:
  void askPage();
  void take(const wire::Outcome& outcome);
  void setPhase(Phase phase, const Message& problem = {});

  QPointer<ServerLink> server_;
  RootedPath folder_;
  std::vector<Item> items_;
  Phase phase_ = Phase::there;
  Message problem_;
  quint64 wanted_ = 0;      ///< answers of earlier questions are dropped
  std::uint64_t next_ = 0;  ///< items of the folder that were seen, hidden ones too
  bool more_ = false;       ///< there are others
  int empty_pages_ = 0;     ///< one after the other
};

}  // namespace bandscope::app
