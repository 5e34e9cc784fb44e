// SPDX-License-Identifier: GPL-3.0-or-later
// The Runs dock: filter field, grouping, tree of runs, and what to do when there are none. Below it there is room for
// another part (the queue).
#pragma once

#include <QDockWidget>
#include <QSet>
#include <QTimer>
#include <vector>

#include "app/library/run_entry.h"
#include "app/library/run_grouping.h"

class QAction;
class QLabel;
class QLineEdit;
class QMenu;
class QSplitter;
class QStackedWidget;
class QToolButton;
class QTreeView;
class QUndoStack;

namespace bandscope::app {

class RunColumns;
class RunEdits;
class RunFilterModel;
class RunLibrary;
class RunModel;

class RunsDock : public QDockWidget {
  Q_OBJECT

 public:
  RunsDock(RunLibrary* library, RunModel* model, QUndoStack* undo, QWidget* parent = nullptr);

  /// Selected runs in the order of the tree, each once.
  std::vector<RunEntryPtr> selected() const;
  /// Selects the run; false when it is not listed (yet).
  bool select(const QString& record);
  /// Whether select() would find the run.
  bool lists(const QString& record) const;
  /// Selects those of these that are listed, and no others; returns how many they are.
  int selectAll(const QStringList& records);
  QStringList selectedRecords() const;
  /// True while the selection is changed by select() or selectAll(), not by the user.
  bool selecting() const { return selecting_; }
  void focusFilter();
  void setGrouping(Grouping grouping);
  /// Puts a widget under the tree.
  void setFooter(QWidget* footer);

  QByteArray saveColumns() const;
  void restoreColumns(const QByteArray& state);
  /// The groups that the user has closed.
  QStringList closedGroups() const { return QStringList(closed_.begin(), closed_.end()); }
  void setClosedGroups(const QStringList& keys);

  QTreeView* view() const { return view_; }
  QLineEdit* filterField() const { return filter_; }
  RunColumns* columns() const { return columns_; }
  RunEdits* edits() const { return edits_; }
  /// What the Edit menu offers on the selected runs: star, tags, note, rename, delete.
  QList<QAction*> editActions() const { return {star_, tags_, note_, rename_, trash_}; }
  /// What the Run menu offers on them once they have ended: resume, run again, clone.
  QList<QAction*> runActions() const { return {resume_, again_, clone_}; }
  /// Fills the menu of the run(s) selected; `menu` is shown at the pointer or, with the Menu key, at the row.
  void fillMenu(QMenu& menu);

 Q_SIGNALS:
  /// Other runs are selected now.
  void selectionChanged();
  void addFolderAsked();
  /// These ended before their last step and are to go on.
  void resumeAsked(const std::vector<bandscope::app::RunEntryPtr>& runs);
  /// These are to be trained once more under names of their own.
  void againAsked(const std::vector<bandscope::app::RunEntryPtr>& runs);
  /// The menu is to be of this server, whose group it was asked at.
  void serverMenuAsked(QMenu* menu, const QString& server);
  /// A new experiment is to begin with what this one was.
  void cloneAsked(const bandscope::app::RunEntryPtr& run);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void makeActions();
  void updateActions();
  void translate();
  void showMenu(const QPoint& at);
  void showHeaderMenu(const QPoint& at);
  void fillGroupMenu();
  void updateEmptyState();
  void openGroups();
  void toggleStar();
  std::vector<RunEntryPtr> selectedThat(bool (RunEntry::*holds)() const) const;
  void filter(const QString& text);

  RunLibrary* library_;
  RunModel* model_;
  RunFilterModel* proxy_;
  QSplitter* splitter_;
  QLineEdit* filter_;
  QToolButton* group_;
  QStackedWidget* stack_;
  QTreeView* view_;
  QLabel* empty_;
  RunColumns* columns_;
  RunEdits* edits_;
  QAction *star_ = nullptr, *tags_ = nullptr, *note_ = nullptr, *rename_ = nullptr, *trash_ = nullptr;
  QAction *resume_ = nullptr, *again_ = nullptr, *clone_ = nullptr;
  QTimer opening_, updating_;
  QSet<QString> closed_;
  bool opens_itself_ = false;  ///< expanded and collapsed are our own doing
  bool selecting_ = false;
  QStringList last_selected_;
  QStringList hidden_;  ///< were selected when the filter hid them
};

}  // namespace bandscope::app
