// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/run_delegate.h"

#include <QApplication>
#include <QIcon>
#include <QMouseEvent>
#include <QPainter>

#include "app/library/run_model.h"

namespace bandscope::app {
namespace {

void paint_chips(QPainter* painter, const QStyleOptionViewItem& option, const QString& text) {
  const bool selected = option.state & QStyle::State_Selected;
  const QColor ink = option.palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
  QColor ground = ink;
  ground.setAlphaF(0.10f);
  const auto metrics = option.fontMetrics;
  const int height = metrics.height() + 2;
  double x = option.rect.left() + 4;
  painter->save();
  painter->setClipRect(option.rect);
  painter->setRenderHint(QPainter::Antialiasing);
  for (const auto& tag : text.split(QStringLiteral(", "), Qt::SkipEmptyParts)) {
    const double room = option.rect.right() - x - 4;
    if (room < 24) break;
    const QString shown = metrics.elidedText(tag, Qt::ElideRight, int(room) - 12);
    const double width = metrics.horizontalAdvance(shown) + 12;
    const QRectF chip(x, option.rect.center().y() - height / 2.0 + 0.5, width, height);
    painter->setPen(Qt::NoPen);
    painter->setBrush(ground);
    painter->drawRoundedRect(chip, 4, 4);
    painter->setPen(ink);
    painter->drawText(chip, Qt::AlignCenter, shown);
    x += width + 4;
  }
  painter->restore();
}

}  // namespace

void RunDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const {
  QStyledItemDelegate::initStyleOption(option, index);
  if (index.column() == RunModel::Name)
    option->textElideMode = Qt::ElideMiddle;  // runs of a sweep differ at their ends
}

void RunDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  if (index.column() != RunModel::Tags && index.column() != RunModel::Star) {
    return QStyledItemDelegate::paint(painter, option, index);
  }
  QStyleOptionViewItem own = option;
  initStyleOption(&own, index);
  const QString text = own.text;
  const QIcon icon = own.icon;
  own.text.clear();
  own.icon = QIcon();
  own.features &= ~(QStyleOptionViewItem::HasDecoration | QStyleOptionViewItem::HasDisplay);
  const auto* style = own.widget ? own.widget->style() : QApplication::style();
  style->drawControl(QStyle::CE_ItemViewItem, &own, painter, own.widget);
  if (index.column() == RunModel::Tags) {
    paint_chips(painter, own, text);
  } else if (!icon.isNull()) {
    icon.paint(painter, QRect(QPoint(), QSize(16, 16)).translated(option.rect.center() - QPoint(7, 7)));
  }
}

bool RunDelegate::editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option,
                              const QModelIndex& index) {
  if (index.column() == RunModel::Star && event->type() == QEvent::MouseButtonRelease) {
    const auto* mouse = static_cast<QMouseEvent*>(event);
    if (mouse->button() == Qt::LeftButton && mouse->modifiers() == Qt::NoModifier &&
        option.rect.contains(mouse->position().toPoint())) {
      Q_EMIT starClicked(index);
      return true;
    }
  }
  return QStyledItemDelegate::editorEvent(event, model, option, index);
}

}  // namespace bandscope::app
