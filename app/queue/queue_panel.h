// SPDX-License-Identifier: GPL-3.0-or-later
// The queue under the run library: how many run and wait, pause, runs at once per device, and the list, which is put
// into another order by dragging or with Alt and the arrows. Shown while there is something in the queue.
#pragma once

#include <QWidget>

class QAction;
class QLabel;
class QMenu;
class QToolButton;
class QTreeView;
class QUndoStack;

namespace bandscope::app {

class QueueModel;
class RunQueue;

class QueuePanel : public QWidget {
  Q_OBJECT

 public:
  QueuePanel(RunQueue* queue, QUndoStack* undo, QWidget* parent = nullptr);

  QTreeView* view() const { return view_; }
  QueueModel* model() const { return model_; }
  void fillMenu(QMenu& menu);
  /// Moves what is selected by one place, or to before the run with this id (empty: to the end).
  void moveSelected(int by);
  void moveBefore(const QStringList& ids, const QString& before);

 Q_SIGNALS:
  /// A run was chosen in the list.
  void chosen(const QString& record);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void write();
  void updateActions();
  void fillLimits();
  void removeSelected();
  void reorder(const QStringList& ids);
  QStringList selected() const;

  RunQueue* queue_;
  QUndoStack* undo_;
  QueueModel* model_;
  QTreeView* view_;
  QLabel* title_;
  QToolButton *pause_, *limits_;
  QAction *start_, *again_, *up_, *down_, *remove_;
};

}  // namespace bandscope::app
