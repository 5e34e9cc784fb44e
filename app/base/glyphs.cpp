// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/base/glyphs.h"

#include <QPainter>
#include <QPixmap>

namespace bandscope::app {
namespace {

void draw(QPainter& painter, Glyph kind, const QColor& color) {
  painter.setPen(Qt::NoPen);
  painter.setBrush(color);
  const QPen stroke(color, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
  switch (kind) {
    case Glyph::play: {
      const QPointF shape[] = {{5, 3.5}, {12.5, 8}, {5, 12.5}};
      painter.drawPolygon(shape, 3);
      break;
    }
    case Glyph::pause:
      painter.drawRect(QRectF(4.5, 3.5, 2.6, 9));
      painter.drawRect(QRectF(8.9, 3.5, 2.6, 9));
      break;
    case Glyph::stop:
      painter.drawRect(QRectF(4, 4, 8, 8));
      break;
    case Glyph::previous:
    case Glyph::next: {
      if (kind == Glyph::previous) {
        painter.translate(16, 0);
        painter.scale(-1, 1);
      }
      const QPointF shape[] = {{4, 4}, {10, 8}, {4, 12}};
      painter.drawPolygon(shape, 3);
      painter.drawRect(QRectF(10.6, 4, 1.6, 8));
      break;
    }
    case Glyph::checkpoint:
      painter.setPen(stroke);
      painter.setBrush(Qt::NoBrush);
      painter.drawLine(QPointF(8, 2.5), QPointF(8, 9.5));
      painter.drawLine(QPointF(5, 6.8), QPointF(8, 9.8));
      painter.drawLine(QPointF(11, 6.8), QPointF(8, 9.8));
      painter.drawLine(QPointF(3.5, 13), QPointF(12.5, 13));
      break;
    case Glyph::close:
      painter.setPen(stroke);
      painter.drawLine(QPointF(4.5, 4.5), QPointF(11.5, 11.5));
      painter.drawLine(QPointF(11.5, 4.5), QPointF(4.5, 11.5));
      break;
    case Glyph::add:
      painter.setPen(stroke);
      painter.drawLine(QPointF(8, 3.5), QPointF(8, 12.5));
      painter.drawLine(QPointF(3.5, 8), QPointF(12.5, 8));
      break;
  }
}

}  // namespace

QIcon glyph(Glyph kind, const QPalette& palette) {
  QIcon icon;
  for (const auto mode : {QIcon::Normal, QIcon::Disabled}) {
    const QColor color =
        palette.color(mode == QIcon::Normal ? QPalette::Active : QPalette::Disabled, QPalette::ButtonText);
    for (int scale : {1, 2, 3}) {
      QPixmap pixmap(16 * scale, 16 * scale);
      pixmap.setDevicePixelRatio(scale);
      pixmap.fill(Qt::transparent);
      QPainter painter(&pixmap);
      painter.setRenderHint(QPainter::Antialiasing);
      draw(painter, kind, color);
      painter.end();
      icon.addPixmap(pixmap, mode);
    }
  }
  return icon;
}

}  // namespace bandscope::app
