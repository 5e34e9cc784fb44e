// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/draw/painter_canvas.h"

#include <QVarLengthArray>

namespace bandscope::viz {

PainterCanvas::PainterCanvas(QPainter& painter, const TextSetter& text, double bar_width, bool smooth)
    : painter_(painter), text_(text), bar_width_(bar_width), smooth_(smooth) {
  painter_.setRenderHint(QPainter::Antialiasing, smooth);
  painter_.setRenderHint(QPainter::TextAntialiasing, true);
}

void PainterCanvas::fill(const QRectF& rect, const QColor& color) { painter_.fillRect(rect, color); }

void PainterCanvas::polygon(std::span<const QPointF> points, const QColor& fill) {
  painter_.setPen(Qt::NoPen);
  painter_.setBrush(fill);
  painter_.drawPolygon(points.data(), static_cast<int>(points.size()));
}

void PainterCanvas::polyline(std::span<const QPointF> points, const QColor& color, double width) {
  painter_.setBrush(Qt::NoBrush);
  QPen pen(color, width, Qt::SolidLine, Qt::FlatCap, Qt::BevelJoin);
  if (bar_width_ <= 0 || points.size() < 3) {
    if (bar_width_ <= 0 && points.size() > 2) pen.setJoinStyle(Qt::RoundJoin);
    painter_.setPen(pen);
    painter_.drawPolyline(points.data(), static_cast<int>(points.size()));
    return;
  }
  // On the screen a stroke of many points is found slow where it crosses itself (91 ms for five noisy curves of
  // 2,200 points), the same segments one by one are not (4 ms), and colours there are opaque.
  pen.setCapStyle(Qt::RoundCap);
  if (!smooth_) pen = QPen(color, 0);
  painter_.setPen(pen);
  QVarLengthArray<QLineF, 256> segments;
  for (std::size_t i = 1; i < points.size(); ++i) segments.append(QLineF(points[i - 1], points[i]));
  painter_.drawLines(segments.constData(), static_cast<int>(segments.size()));
}

void PainterCanvas::bars(std::span<const QRectF> rects, const QColor& color) {
  painter_.setRenderHint(QPainter::Antialiasing, false);
  for (const QRectF& rect : rects) painter_.fillRect(rect, color);
  painter_.setRenderHint(QPainter::Antialiasing, smooth_);
}

void PainterCanvas::circle(const QPointF& centre, double radius, const QColor& fill, const QColor& edge, double width) {
  painter_.setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
  painter_.setPen(width > 0 ? QPen(edge, width) : QPen(Qt::NoPen));
  painter_.drawEllipse(centre, radius, radius);
}

void PainterCanvas::text(const QPointF& at, const QString& text, double size, bool bold, const QColor& color,
                         double turn) {
  painter_.save();
  painter_.translate(at);
  painter_.rotate(turn);
  painter_.scale(1 / text_.scale(), 1 / text_.scale());
  painter_.setFont(text_.sized(size, bold));
  painter_.setPen(color);
  painter_.drawText(QPointF(0, 0), text);
  painter_.restore();
}

void PainterCanvas::clip(const QRectF& rect) {
  painter_.save();
  painter_.setClipRect(rect, Qt::IntersectClip);
}

void PainterCanvas::unclip() { painter_.restore(); }

}  // namespace bandscope::viz
