// SPDX-License-Identifier: GPL-3.0-or-later
// Cells of the run library that are more than text: tags as chips, the star in its column's middle.
#pragma once

#include <QStyledItemDelegate>

namespace bandscope::app {

class RunDelegate : public QStyledItemDelegate {
  Q_OBJECT

 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

 Q_SIGNALS:
  /// The star of this cell was clicked.
  void starClicked(const QModelIndex& index);

 protected:
  void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override;
  bool editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option,
                   const QModelIndex& index) override;
};

}  // namespace bandscope::app
