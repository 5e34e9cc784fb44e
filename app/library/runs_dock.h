// SPDX-License-Identifier: GPL-3.0-or-later
// The Runs dock: filter field, tree of runs, and what to do when there are none.
#pragma once

#include <QDockWidget>
#include <vector>

#include "app/library/run_entry.h"

class QLabel;
class QLineEdit;
class QStackedWidget;
class QTreeView;

namespace bandscope::app {

class RunFilterModel;
class RunLibrary;
class RunModel;

class RunsDock : public QDockWidget {
  Q_OBJECT

 public:
  RunsDock(RunLibrary* library, RunModel* model, QWidget* parent = nullptr);

  /// Selected runs in the order of the tree.
  std::vector<RunEntryPtr> selected() const;
  /// Selects the run; false when it is not listed (yet).
  bool select(const QString& record);
  void focusFilter();

  QByteArray saveColumns() const;
  void restoreColumns(const QByteArray& state);
  QTreeView* view() const { return view_; }
  QLineEdit* filterField() const { return filter_; }

 Q_SIGNALS:
  /// Other runs are selected now.
  void selectionChanged();
  void addFolderAsked();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void translate();
  void showMenu(const QPoint& at);
  void showHeaderMenu(const QPoint& at);
  void updateEmptyState();

  RunLibrary* library_;
  RunModel* model_;
  RunFilterModel* proxy_;
  QLineEdit* filter_;
  QStackedWidget* stack_;
  QTreeView* view_;
  QLabel* empty_;
  QStringList last_selected_;
};

}  // namespace bandscope::app
