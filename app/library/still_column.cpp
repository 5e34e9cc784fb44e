// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/still_column.h"

#include <QEvent>
#include <QHeaderView>
#include <QPainter>
#include <QScrollBar>
#include <algorithm>

namespace bandscope::app {
namespace {

constexpr double widest = 0.6;  // of the tree: what scrolls must be seen, too

}  // namespace

StillColumn::StillColumn(QTreeView* tree) : QTreeView(tree), tree_(tree) {
  setObjectName(QStringLiteral("still-column"));
  setModel(tree->model());
  setSelectionModel(tree->selectionModel());
  setItemDelegate(tree->itemDelegate());
  setSelectionMode(tree->selectionMode());
  setSelectionBehavior(tree->selectionBehavior());
  setEditTriggers(tree->editTriggers());
  setUniformRowHeights(tree->uniformRowHeights());
  setIndentation(tree->indentation());
  setTextElideMode(tree->textElideMode());
  setVerticalScrollMode(tree->verticalScrollMode());
  setAllColumnsShowFocus(true);
  setFrameShape(QFrame::NoFrame);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setContextMenuPolicy(Qt::CustomContextMenu);
  // Keys go to the tree.
  setFocusProxy(tree);
  setFocusPolicy(Qt::ClickFocus);
  for (int column = 1; column < model()->columnCount(); ++column) setColumnHidden(column, true);
  header()->setStretchLastSection(false);
  header()->setMinimumSectionSize(tree->header()->minimumSectionSize());
  header()->setSectionResizeMode(QHeaderView::Fixed);
  header()->setSectionsClickable(true);
  header()->setSortIndicatorShown(true);
  header()->setContextMenuPolicy(Qt::NoContextMenu);

  soon_.setSingleShot(true);
  soon_.setInterval(0);
  connect(&soon_, &QTimer::timeout, this, &StillColumn::arrange);
  const auto later = [this] {
    if (!soon_.isActive()) soon_.start();
  };
  // A row that becomes the current one would scroll the tree back to its name, which is in sight here.
  keeping_.setSingleShot(true);
  keeping_.setInterval(0);
  connect(&keeping_, &QTimer::timeout, this, [this] { kept_ = tree_->horizontalScrollBar()->value(); });
  connect(selectionModel(), &QItemSelectionModel::currentChanged, this,
          [this] { tree_->horizontalScrollBar()->setValue(kept_); });
  connect(tree->horizontalScrollBar(), &QScrollBar::valueChanged, this, [this] {
    keeping_.start();
    arrange();
  });
  connect(tree->horizontalScrollBar(), &QScrollBar::rangeChanged, this, later);
  connect(tree->header(), &QHeaderView::sectionResized, this, later);
  connect(tree->header(), &QHeaderView::sortIndicatorChanged, this, later);
  connect(tree->verticalScrollBar(), &QScrollBar::valueChanged, verticalScrollBar(), &QScrollBar::setValue);
  // Hidden it has no rows in sight, and says nothing of where the tree is.
  connect(verticalScrollBar(), &QScrollBar::valueChanged, this, [this](int value) {
    if (isVisible() && !soon_.isActive()) tree_->verticalScrollBar()->setValue(value);
  });
  connect(tree, &QTreeView::expanded, this, later);
  connect(tree, &QTreeView::collapsed, this, later);
  connect(this, &QTreeView::expanded, tree, &QTreeView::expand);
  connect(this, &QTreeView::collapsed, tree, &QTreeView::collapse);
  connect(model(), &QAbstractItemModel::modelReset, this, later);
  connect(model(), &QAbstractItemModel::rowsInserted, this, later);
  connect(header(), &QHeaderView::sectionClicked, this, &StillColumn::sort);
  connect(this, &QWidget::customContextMenuRequested, tree, &QWidget::customContextMenuRequested);
  tree->viewport()->installEventFilter(this);
  hide();
}

bool StillColumn::eventFilter(QObject* watched, QEvent* event) {
  if (watched == tree_->viewport() && event->type() == QEvent::Resize && !soon_.isActive()) soon_.start();
  return QTreeView::eventFilter(watched, event);
}

void StillColumn::arrange() {
  const bool needed = tree_->horizontalScrollBar()->value() > 0;
  if (needed) {
    const int most = int(widest * tree_->viewport()->width());
    const int width = std::min(tree_->columnWidth(0), most);
    header()->resizeSection(0, width);
    setRootIsDecorated(tree_->rootIsDecorated());
    const QRect rows = tree_->viewport()->geometry();
    setGeometry(rows.x(), tree_->header()->y(), width, rows.bottom() + 1 - tree_->header()->y());
    header()->setFixedHeight(tree_->header()->height());
    header()->setSortIndicator(tree_->header()->sortIndicatorSection(), tree_->header()->sortIndicatorOrder());
    copyOpenRows();
  }
  setVisible(needed);
  if (!needed) return;
  raise();
  verticalScrollBar()->setValue(tree_->verticalScrollBar()->value());
}

/// Groups that are open in the tree are open here.
void StillColumn::copyOpenRows() {
  const QSignalBlocker quiet(this);
  for (int row = 0; row < model()->rowCount(); ++row) {
    const auto group = model()->index(row, 0);
    setExpanded(group, tree_->isExpanded(group));
  }
}

void StillColumn::sort() {
  const auto* head = tree_->header();
  const bool up = head->sortIndicatorSection() == 0 && head->sortIndicatorOrder() == Qt::AscendingOrder;
  tree_->sortByColumn(0, up ? Qt::DescendingOrder : Qt::AscendingOrder);
}

void StillColumn::paintEvent(QPaintEvent* event) {
  QTreeView::paintEvent(event);
  QPainter painter(viewport());
  painter.setPen(palette().color(QPalette::Mid));
  painter.drawLine(viewport()->width() - 1, 0, viewport()->width() - 1, viewport()->height());
}

}  // namespace bandscope::app
