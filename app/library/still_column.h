// SPDX-License-Identifier: GPL-3.0-or-later
// The first column of a tree that stays in sight while the tree scrolls sideways: a view of the same rows over it.
#pragma once

#include <QTimer>
#include <QTreeView>

namespace bandscope::app {

class StillColumn : public QTreeView {
  Q_OBJECT

 public:
  /// `tree`: with model and header as they stay; it is the parent.
  explicit StillColumn(QTreeView* tree);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  void arrange();
  void copyOpenRows();
  void sort();

  QTreeView* tree_;
  QTimer soon_, keeping_;
  int kept_ = 0;  ///< how far the user has scrolled sideways
};

}  // namespace bandscope::app
