// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/quiet_style.h"

#include <QPainter>
#include <QStyleFactory>
#include <QStyleOption>

namespace bandscope::app {

QuietStyle::QuietStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {}

void QuietStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                               const QWidget* widget) const {
  QProxyStyle::drawPrimitive(element, option, painter, widget);
  if (element != PE_IndicatorCheckBox) return;
  // Fusion's outline is a darker shade of the window: on a dark one it vanishes.
  QColor outline = option->palette.color(QPalette::WindowText);
  outline.setAlphaF(0.55f);
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setPen(QPen(outline, 1));
  painter->setBrush(Qt::NoBrush);
  painter->drawRoundedRect(QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
  painter->restore();
}

}  // namespace bandscope::app
